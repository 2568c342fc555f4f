package io.slotkeeper.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory of a mounted volume. A file gets its name when it is complete and on the disk: what a
 * crash leaves is a file whose name ends with {@code .part}, which is no object.
 */
public final class DirectoryStore implements ObjectStore {
  private static final String PART = ".part";

  private final Path root;

  public DirectoryStore(Path root) {
    this.root = root;
  }

  @Override
  public void put(String name, Content content) throws IOException {
    Path file = file(name);
    Path part = part(file);
    try {
      write(part, content);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      persist(file);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** By a hard link, which is created or refused in one step. */
  @Override
  public boolean putIfAbsent(String name, byte[] content) throws IOException {
    Path file = file(name);
    Path part = part(file);
    try {
      write(part, out -> out.write(content));
      Files.createLink(file, part);
      persist(file);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public InputStream get(String name) throws IOException {
    return Files.newInputStream(file(name));
  }

  @Override
  public List<Stored> list(String prefix) throws IOException {
    Path directory = root.resolve(ObjectStore.checked(prefix.substring(0, prefix.length() - 1)));
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> objects =
          files
              .filter(Files::isRegularFile)
              .filter(path -> !path.toString().endsWith(PART))
              .sorted(Comparator.comparing(Path::toString))
              .toList();
      List<Stored> found = new java.util.ArrayList<>();
      for (Path object : objects) {
        found.add(new Stored(root.relativize(object).toString(), Files.size(object)));
      }
      return found;
    }
  }

  /** And the directories that have become empty, so that a volume does not fill with them. */
  @Override
  public void delete(String name) throws IOException {
    Path file = file(name);
    Files.deleteIfExists(file);
    for (Path parent = file.getParent();
        parent != null && !parent.equals(root) && isEmpty(parent);
        parent = parent.getParent()) {
      Files.deleteIfExists(parent);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return true;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  private Path file(String name) {
    return root.resolve(ObjectStore.checked(name));
  }

  private static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + PART);
  }

  private static void write(Path part, Content content) throws IOException {
    Files.createDirectories(part.getParent());
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = java.nio.channels.Channels.newOutputStream(channel);
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  /** The name of a new file is on the disk only when its directory is. */
  private static void persist(Path file) throws IOException {
    Path directory = file.resolveSibling(".");
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
