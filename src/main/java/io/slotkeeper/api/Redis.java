package io.slotkeeper.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A Redis or Valkey that Slotkeeper runs. */
@Group(Redis.GROUP)
@Version(Redis.VERSION)
@Plural("redises")
@Singular("redis")
@ShortNames("rd")
@Categories("slotkeeper")
public class Redis extends CustomResource<RedisSpec, RedisStatus> implements Namespaced {
  public static final String GROUP = "slotkeeper.io";
  public static final String VERSION = "v1alpha1";

  private static final long serialVersionUID = 1;
}
