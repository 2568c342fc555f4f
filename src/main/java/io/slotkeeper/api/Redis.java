package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A Redis or Valkey that Slotkeeper runs. */
@Group(Redis.GROUP)
@Version(Redis.VERSION)
@Plural("redises")
@Singular("redis")
@ShortNames("rd")
@Categories("slotkeeper")
@AdditionalPrinterColumn(
    name = "Mode",
    jsonPath = ".spec.mode",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Version",
    jsonPath = ".spec.version",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Shards",
    jsonPath = ".status.shardCount",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.readyPods",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Phase",
    jsonPath = ".status.phase",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Server",
    jsonPath = ".status.version",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value =
        "self.metadata.name.size() <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name must be at most 40 characters long, of lower-case letters, digits and '-', start with"
            + " a letter and not end with '-': names of Services and pods are made from it")
public class Redis extends CustomResource<RedisSpec, RedisStatus>
    implements Namespaced, Unreadable {
  public static final String GROUP = "slotkeeper.io";
  public static final String VERSION = "v1alpha1";

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
