/**
 * Certificates: read, checked and issued. Pure: nothing here reads a clock, a cluster or a server.
 * The only package that knows Bouncy Castle, which issues certificates as the JDK cannot.
 */
@NullMarked
package io.slotkeeper.certificates;

import org.jspecify.annotations.NullMarked;
