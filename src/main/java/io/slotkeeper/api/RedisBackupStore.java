package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A place for backups, which a {@link RedisBackup} names: without status. */
@Group(Redis.GROUP)
@Version(Redis.VERSION)
@Plural("redisbackupstores")
@Singular("redisbackupstore")
@ShortNames("rdstore")
@Categories("slotkeeper")
@AdditionalPrinterColumn(
    name = "Bucket",
    jsonPath = ".spec.s3.bucket",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Claim",
    jsonPath = ".spec.volume.claimName",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class RedisBackupStore extends CustomResource<BackupStoreSpec, Void>
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
