package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A server version that a {@link Redis} can name: cluster-scoped, without status. */
@Group(Redis.GROUP)
@Version(Redis.VERSION)
@Plural("redisversions")
@Singular("redisversion")
@ShortNames("rdversion")
@Categories("slotkeeper")
@AdditionalPrinterColumn(
    name = "Engine",
    jsonPath = ".spec.engine",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Version",
    jsonPath = ".spec.version",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Image",
    jsonPath = ".spec.image",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Deprecated",
    jsonPath = ".spec.deprecated",
    type = AdditionalPrinterColumn.Type.BOOLEAN)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class RedisVersion extends CustomResource<RedisVersionSpec, Void> implements Unreadable {
  private static final long serialVersionUID = 1;

  private transient @Nullable String unreadable;

  @Override
  @JsonIgnore
  public @Nullable String getUnreadable() {
    return unreadable;
  }

  @Override
  @JsonIgnore
  public void setUnreadable(@Nullable String unreadable) {
    this.unreadable = unreadable;
  }
}
