/**
 * The only package with a Kubernetes client: reads, writes and watches objects of the API server.
 */
@NullMarked
package io.slotkeeper.kubernetes;

import org.jspecify.annotations.NullMarked;
