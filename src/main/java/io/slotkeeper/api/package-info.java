/**
 * The custom resources, group {@code slotkeeper.io}, version {@code v1alpha1}: the single source of
 * the files in {@code crds/} and of {@code docs/api-reference.md}.
 *
 * <p>What the schema gives a default is never null here, even for an object that did not come from
 * an API server; collections are empty rather than null; what a user may leave out is
 * {@code @Nullable}.
 */
@NullMarked
package io.slotkeeper.api;

import org.jspecify.annotations.NullMarked;
