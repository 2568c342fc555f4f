/** The plugin for kubectl, which is written in Go. */
@NullMarked
package io.slotkeeper.plugin;

import org.jspecify.annotations.NullMarked;
