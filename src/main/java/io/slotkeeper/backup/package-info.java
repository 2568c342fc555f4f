/**
 * The data path of backups: reads servers as a replica would, writes to a store, and reads back. It
 * runs as a process of its own ({@link io.slotkeeper.backup.Main}), and knows no Kubernetes.
 */
@NullMarked
package io.slotkeeper.backup;

import org.jspecify.annotations.NullMarked;
