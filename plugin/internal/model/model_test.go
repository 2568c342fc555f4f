package model

import "testing"

func pod(name, kind, controller string) Pod {
	return Pod{Metadata: Meta{Name: name, OwnerReferences: []Owner{{Kind: kind, Name: controller, Controller: true}}}}
}

func TestOnlyAPodOfTheRightNameAndControllerBelongsToARedis(t *testing.T) {
	for _, c := range []struct {
		pod      Pod
		expected Place
		ours     bool
	}{
		{pod("shop-shard12-3", "StatefulSet", "shop-shard12"), Place{Shard: 12, Ordinal: 3}, true},
		{pod("shop-sentinel-0", "StatefulSet", "shop-sentinel"), Place{Sentinel: true}, true},
		{pod("shop-shard0-0", "ReplicaSet", "shop-shard0"), Place{}, false},
		{pod("shop-shard0-0", "StatefulSet", "other-shard0"), Place{}, false},
		{pod("shop-shard0-00", "StatefulSet", "shop-shard0"), Place{}, false},
		{pod("shop-shard-1-0", "StatefulSet", "shop-shard-1"), Place{}, false},
		{pod("shop-a-shard0-0", "StatefulSet", "shop-a-shard0"), Place{}, false},
		{Pod{Metadata: Meta{Name: "shop-shard0-0"}}, Place{}, false},
	} {
		place, ours := PlaceOf(c.pod, "shop")
		if ours != c.ours || ours && place != c.expected {
			t.Errorf("%s: %v %v", c.pod.Metadata.Name, place, ours)
		}
	}
}

func TestNames(t *testing.T) {
	for name, valid := range map[string]bool{
		"a": true, "shop-1": true, "": false, "-a": false, "a-": false, "A": false, "a/b": false, "..": false, "1a": false,
		"a1234567890123456789012345678901234567890": false,
	} {
		if ValidName(name) != valid {
			t.Errorf("%q", name)
		}
	}
}

func TestInfoOfAnyServer(t *testing.T) {
	info := ParseInfo("# Server\r\nredis_version:7.2.4\r\nvalkey_version:9.1.0\r\nrole:slave\r\nslave_repl_offset:17\r\n" +
		"db0:keys=3,expires=1,avg_ttl=0\r\ndb11:keys=4,expires=0\r\ndbx:keys=100\r\ndb:keys=5\r\nnonsense\r\nused_memory:big\r\n")
	offset, known := info.Offset()
	_, number := info.Number("used_memory")
	if info.Version() != "9.1.0" || info.Role() != "replica" || info.Keys() != 7 || offset != 17 || !known || number {
		t.Errorf("%v %d %d", info, info.Keys(), offset)
	}
	if ParseInfo("redis_version:8.0.2").Version() != "8.0.2" {
		t.Error("of Redis")
	}
}
