/** The Helm chart, and what is rendered from it. */
@NullMarked
package io.slotkeeper.chart;

import org.jspecify.annotations.NullMarked;
