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

/** A user that the servers of a {@link Redis} know: an ACL user. */
@Group(Redis.GROUP)
@Version(Redis.VERSION)
@Plural("redisusers")
@Singular("redisuser")
@ShortNames("rduser")
@Categories("slotkeeper")
@AdditionalPrinterColumn(
    name = "Redis",
    jsonPath = ".spec.redisRef.name",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Username",
    jsonPath = ".status.username",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Applied",
    jsonPath = ".status.applied",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Secret",
    jsonPath = ".status.binding.name",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "self.metadata.name.size() <= 63",
    message =
        "metadata.name must be at most 63 characters long: the name of a Secret is made from it")
@ValidationRule(
    value =
        "has(self.spec.username) || (self.metadata.name != 'default' && !self.metadata.name.startsWith('slotkeeper-'))",
    message =
        "metadata.name is a reserved username: set spec.username, or choose another name than default and slotkeeper-…")
public class RedisUser extends CustomResource<RedisUserSpec, RedisUserStatus>
    implements Namespaced, Unreadable {
  private static final long serialVersionUID = 1;

  private transient @Nullable String unreadable;

  /** What it logs in with. */
  public static String usernameOf(RedisUser user) {
    String username = user.getSpec().username();
    return username == null ? user.getMetadata().getName() : username;
  }

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
