package model

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Info is a server's answer to INFO. A tenant that controls the server controls every text in it.
type Info map[string]string

// ParseInfo reads the lines `name:value`; all else is left out.
func ParseInfo(text string) Info {
	info := Info{}
	for line := range strings.Lines(text) {
		if key, value, found := strings.Cut(strings.TrimRight(line, "\r\n"), ":"); found {
			info[key] = value
		}
	}
	return info
}

// Number is a whole number; false where there is none.
func (i Info) Number(key string) (int64, bool) {
	value, err := strconv.ParseInt(i[key], 10, 64)
	return value, err == nil
}

// Version is the version of the server. Valkey calls itself Redis 7.2 under the old name.
func (i Info) Version() string {
	if version := i["valkey_version"]; version != "" {
		return version
	}
	return i["redis_version"]
}

// Role is `master` or `replica`; empty if the server does not say.
func (i Info) Role() string {
	if i["role"] == "slave" {
		return "replica"
	}
	return i["role"]
}

// Keys counts the keys of all databases.
func (i Info) Keys() int64 {
	var keys int64
	for key, value := range i {
		if digits, found := strings.CutPrefix(key, "db"); !found || digits == "" || strings.Trim(digits, "0123456789") != "" {
			continue
		}
		for field := range strings.SplitSeq(value, ",") {
			if count, found := strings.CutPrefix(field, "keys="); found {
				number, _ := strconv.ParseInt(count, 10, 64)
				keys += number
			}
		}
	}
	return keys
}

// Offset is the replication offset up to which the server has data.
func (i Info) Offset() (int64, bool) {
	if i.Role() == "replica" {
		return i.Number("slave_repl_offset")
	}
	return i.Number("master_repl_offset")
}

// SentinelMaster has the fields of the primary that a Sentinel watches: `name=…,status=…,address=…,slaves=…,sentinels=…`.
func SentinelMaster(info Info) Info {
	fields := Info{}
	for field := range strings.SplitSeq(info["master0"], ",") {
		if key, value, found := strings.Cut(field, "="); found {
			fields[key] = value
		}
	}
	return fields
}

// Names are the names of all fields, in order.
func (i Info) Names() []string { return slices.Sorted(maps.Keys(i)) }
