package dev.forno.store.snapshots;

import dev.forno.oci.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is noted beside an index.
 *
 * @param layers the layers that it shows, lowest first
 * @param devices the files that a mount of it must name, in this order
 * @param bytes its length
 * @param checksum the CRC-32C of its bytes
 */
record IndexAbout(List<Digest> layers, List<Device> devices, long bytes, long checksum) {
    private static final String FORMAT = "format 1";
    private static final String END = "end";

    /**
     * A file of a layer.
     *
     * @param extra whether it is the layer's extra file, else its tar
     */
    record Device(Digest layer, boolean extra) {}

    String write() {
        StringBuilder text = new StringBuilder(FORMAT + "\n");
        text.append("index ").append(bytes).append(' ').append(checksum).append('\n');
        layers.forEach(layer -> text.append("layer ").append(layer).append('\n'));
        devices.forEach(device -> text.append(device.extra() ? "extra " : "tar ")
                .append(device.layer())
                .append('\n'));
        return text.append(END).append('\n').toString();
    }

    /** Reads what {@link #write} gave; empty for anything else, such as what a power failure left of it. */
    static Optional<IndexAbout> read(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 3
                || !lines.getFirst().equals(FORMAT)
                || !lines.getLast().equals(END)) {
            return Optional.empty();
        }
        List<Digest> layers = new ArrayList<>();
        List<Device> devices = new ArrayList<>();
        try {
            String[] index = lines.get(1).split(" ");
            for (String line : lines.subList(2, lines.size() - 1)) {
                int space = line.indexOf(' ');
                Digest digest = Digest.parse(line.substring(space + 1));
                switch (line.substring(0, Math.max(0, space))) {
                    case "layer" -> layers.add(digest);
                    case "tar" -> devices.add(new Device(digest, false));
                    case "extra" -> devices.add(new Device(digest, true));
                    default -> {
                        return Optional.empty();
                    }
                }
            }
            return Optional.of(new IndexAbout(layers, devices, Long.parseLong(index[1]), Long.parseLong(index[2])));
        } catch (RuntimeException e) {
            return Optional.empty(); // not a number, not a digest
        }
    }
}
