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

/** One backup of a {@link Redis}, which outlives it. */
@Group(Redis.GROUP)
@Version(Redis.VERSION)
@Plural("redisbackups")
@Singular("redisbackup")
@ShortNames("rdbackup")
@Categories("slotkeeper")
@AdditionalPrinterColumn(
    name = "Redis",
    jsonPath = ".spec.redisRef.name",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Phase",
    jsonPath = ".status.phase",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Taken",
    jsonPath = ".status.takenAt",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Consistency",
    jsonPath = ".status.consistency",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Keys",
    jsonPath = ".status.keys",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Complete\")].reason",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value =
        "self.metadata.name.size() <= 52 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name of a RedisBackup must be at most 52 characters long, of lower-case letters, digits and"
            + " '-': names of Jobs are made from it")
public class RedisBackup extends CustomResource<BackupSpec, BackupStatus>
    implements Namespaced, Unreadable {
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
