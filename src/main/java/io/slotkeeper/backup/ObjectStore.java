package io.slotkeeper.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Where backups are kept: objects with a name and content, and nothing else that a store must be
 * able to do. An object is there as a whole or not at all.
 *
 * <p>Names have segments separated by '/', none of them empty, "." or "..".
 */
public interface ObjectStore extends AutoCloseable {

  /** Writes the content of an object; an exception leaves no object. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * @param bytes its size in the store
   */
  record Stored(String name, long bytes) {}

  /** Creates or replaces an object, whose length is not known in advance. */
  void put(String name, Content content) throws IOException;

  /** Creates a small object; false where there is one with this name, which stays as it is. */
  boolean putIfAbsent(String name, byte[] content) throws IOException;

  /**
   * @throws java.nio.file.NoSuchFileException where there is none
   */
  InputStream get(String name) throws IOException;

  /** All objects whose name begins with the prefix, which ends with '/', sorted by name. */
  List<Stored> list(String prefix) throws IOException;

  /** Deletes an object; one that does not exist is no error. */
  void delete(String name) throws IOException;

  @Override
  default void close() {}

  /**
   * @throws IllegalArgumentException for a name that might lead out of the store
   */
  static String checked(String name) {
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException("no name of an object: '" + name + "'");
      }
    }
    return name;
  }
}
