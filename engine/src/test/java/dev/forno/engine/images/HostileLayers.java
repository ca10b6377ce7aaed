package dev.forno.engine.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forno.linux.files.Root;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The list of hostile layers: what each is, and how it ends: refused with a reason, or contained. */
final class HostileLayers {
    /** What a contained image looks like. */
    @FunctionalInterface
    interface Look {
        void at(Root root) throws IOException;
    }

    /** The look at what is not expected to be there. */
    static final Look REFUSED = root -> {};

    /**
     * A stack of layers.
     *
     * @param reason a part of the refusal's message
     * @param look at the mounted image, {@link #REFUSED} when it is refused
     */
    record Case(String name, List<byte[]> layers, String reason, Look look) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Case> cases = new ArrayList<>();
    private final String outside;

    private HostileLayers(Path outside) {
        this.outside = outside.toString();
    }

    /**
     * All of them.
     *
     * @param outside a directory with a file {@code secret} that none may touch
     */
    static List<Case> all(Path outside) {
        HostileLayers made = new HostileLayers(outside);
        made.names();
        made.links();
        made.whiteouts();
        made.kinds();
        made.headers();
        made.attributes();
        return made.cases;
    }

    private void refused(String name, String reason, byte[]... layers) {
        cases.add(new Case(name, List.of(layers), reason, REFUSED));
    }

    private void contained(String name, Look look, byte[]... layers) {
        cases.add(new Case(name, List.of(layers), "", look));
    }

    private static HostileTar tar() {
        return new HostileTar();
    }

    private void names() {
        refused("dotdot", "leads out", tar().file("../evil", "x").end());
        refused("dotdot later", "leads out", tar().file("a/../../evil", "x").end());
        refused(
                "dotdot after a name",
                "leads out",
                tar().file("/a/../../evil", "x").end());
        contained(
                "absolute",
                root -> root.stat("etc/evil"),
                tar().file("/etc/evil", "x").end());
        contained(
                "dots",
                root -> root.stat("a/b"),
                tar().file("./a/./x/../b", "x").end());
        refused("root is a file", "root", tar().file(".", "x").end());
        refused(
                "long name",
                "",
                tar().pax("path", "n".repeat(256)).file("x", "x").end());
        refused(
                "long path",
                "longer than",
                tar().pax("path", "d/".repeat(2100) + "f").file("x", "x").end());
        contained(
                "bad UTF-8",
                root -> check(root.list("").size() == 1, "one name"),
                tar().file("a\u00ff\u00fe\u00c3(", "x").end());
        refused(
                "zero byte in a name",
                "zero",
                tar().pax("path", "a\0b").file("x", "x").end());
        contained(
                "twice, the last wins",
                root -> check(read(root, "f").equals("new"), "the last"),
                tar().file("f", "old").file("f", "new").end());
        contained(
                "file, directory, file",
                root -> check(root.stat("d").isFile(), "a file"),
                tar().file("d", "x")
                        .directory("d")
                        .file("d/e", "y")
                        .file("d", "z")
                        .end());
        refused("beneath a file", "", tar().file("f", "x").file("f/g", "y").end());
        contained(
                "empty name",
                root -> {},
                tar().entry('5', "/", "", new byte[0]).mode(0700).end());
    }

    private void links() {
        byte[] through = tar().symlink("esc", outside).file("esc/evil", "x").end();
        Look inside = root -> check(root.stat(outside + "/evil").isFile(), "inside");
        contained("through an absolute link", inside, through);
        contained(
                "through a relative link",
                inside,
                tar().symlink("esc", "../../../.." + outside)
                        .file("esc/evil", "x")
                        .end());
        contained(
                "through a link to above the root",
                root -> check(root.stat("evil").isFile(), "inside"),
                tar().symlink("esc", "../..").file("esc/evil", "x").end());
        contained(
                "a directory becomes a link",
                inside,
                tar().directory("d")
                        .file("d/x", "x")
                        .symlink("d", outside)
                        .file("d/evil", "x")
                        .end());
        contained(
                "a directory becomes a link in a later layer",
                root -> check(root.stat("d").isSymlink(), "a link"),
                tar().directory("d").file("d/x", "x").end(),
                tar().symlink("d", outside).end());
        contained(
                "beneath a directory that became a link in the layer",
                root -> check(root.stat(outside + "/secret").isFile(), "inside"),
                tar().directory("d").file("d/x", "x").end(),
                tar().symlink("d", outside).file("d/secret", "x").end());
        contained(
                "beneath a link of the layer below",
                root -> check(root.stat("d").isDirectory(), "a directory hides the link"),
                tar().symlink("d", outside).end(),
                tar().file("d/secret", "x").end());
        refused(
                "hard link to the outside",
                "not in this archive",
                tar().hardLink("h", outside + "/secret").end());
        refused(
                "hard link upwards",
                "leads out",
                tar().hardLink("h", "../../secret").end());
        refused(
                "hard link through a link",
                "",
                tar().symlink("l", outside).hardLink("h", "l/secret").end());
        refused(
                "hard link to a directory",
                "",
                tar().directory("d").hardLink("h", "d").end());
        refused("hard link to the root", "root", tar().hardLink("h", "/").end());
        contained(
                "hard link to a link",
                root -> check(root.stat("h").isSymlink(), "a link"),
                tar().symlink("l", outside + "/secret").hardLink("h", "l").end());
        HostileTar chain = tar().file("n0", "x");
        for (int i = 1; i <= 64; i++) {
            chain.hardLink("n" + i, "n" + (i - 1));
        }
        contained(
                "64 hard links in a chain",
                root -> check(root.stat("n64").inode() == root.stat("n0").inode(), "one file"),
                chain.end());
        contained(
                "a cycle of links",
                root -> root.stat("a"),
                tar().symlink("a", "b").symlink("b", "a").end());
        refused(
                "through a cycle",
                "",
                tar().symlink("a", "b").symlink("b", "a").file("a/x", "x").end());
        refused("a link to nothing", "", tar().symlink("l", "").end());
        refused(
                "a long link",
                "",
                tar().pax("linkpath", "t".repeat(5000)).symlink("l", "x").end());
    }

    private void whiteouts() {
        refused("whiteout of nothing", "nothing", tar().file(".wh.", "").end());
        refused("whiteout of itself", "nothing", tar().file("d/.wh..", "").end());
        refused("whiteout of the parent", "nothing", tar().file("d/.wh...", "").end());
        contained(
                "whiteout of what isn't there",
                root -> check(root.find("x").isEmpty(), "nothing"),
                tar().file("y", "").end(),
                tar().file(".wh.x", "").end());
        contained(
                "whiteout and new directory",
                root -> check(root.list("d").equals(List.of("new")), "only the new"),
                tar().file("d/old", "").end(),
                tar().file(".wh.d", "").directory("d").file("d/new", "").end());
        contained(
                "whiteout and files beneath it",
                root -> check(root.list("d").equals(List.of("new")), "only the new"),
                tar().file("d/old", "").end(),
                tar().file(".wh.d", "").file("d/new", "").end());
        contained(
                "opaque in every place",
                root -> check(root.find("d/old").isEmpty(), "hidden"),
                tar().file("d/old", "").end(),
                tar().file(".wh..wh..opq", "")
                        .file("d/.wh..wh..opq", "")
                        .file("d/new", "")
                        .end());
        contained(
                "leftovers of AUFS",
                root -> check(root.list("").isEmpty(), "nothing"),
                tar().directory(".wh..wh.plnk")
                        .file(".wh..wh.aufs", "")
                        .hardLink(".wh..wh.orph", "x")
                        .end());
        contained(
                "opaque through a link",
                root -> check(root.find("d/old").isEmpty(), "hidden"),
                tar().file("d/old", "").end(),
                tar().directory("d")
                        .symlink("l", "d")
                        .file("l/.wh..wh..opq", "")
                        .end());
        contained(
                "a whiteout as device",
                root -> check(root.find("x").isEmpty(), "hidden"),
                tar().file("x", "").end(),
                tar().device('3', "x", 0, 0).end());
    }

    private void kinds() {
        contained(
                "devices",
                root -> check(root.stat("disk").major() == 8, "as Docker keeps them"),
                tar().device('3', "null", 1, 3)
                        .device('4', "disk", 8, 0)
                        .entry('6', "fifo", "", new byte[0])
                        .end());
        contained(
                "setuid",
                root -> check(root.stat("su").mode() == 06755, "as Docker keeps it"),
                tar().file("su", "x").mode(06755).end());
        refused(
                "continued from another volume",
                "volume",
                tar().entry('M', "f", "", new byte[0]).end());
        refused(
                "an unknown kind",
                "not supported",
                tar().entry('Z', "f", "", new byte[0]).end());
        refused(
                "a directory with content",
                "",
                tar().entry('5', "d", "", "x".repeat(600).getBytes(UTF_8)).end());
        refused("no tar", "", "this is no tar at all, but a text ".repeat(40).getBytes(UTF_8));
    }

    private void headers() {
        HostileTar many = tar();
        for (int i = 0; i < 20; i++) {
            many.pax("comment", "x");
        }
        refused("many extended headers", "extended headers", many.file("f", "").end());
        byte[] large = new byte[2 << 20];
        new Random(1).nextBytes(large);
        refused(
                "a huge extended header",
                "limit",
                tar().pax('x', "comment", large).file("f", "").end());
        refused(
                "a huge long name",
                "limit",
                tar().entry('L', "long", "", large).file("f", "").end());
        HostileTar globals = tar();
        for (int i = 0; i < 200; i++) {
            globals.pax('g', "key" + i, new byte[1000]).file("f" + i, "");
        }
        refused("many global headers", "global headers", globals.end());
        refused("negative size", "negative", tar().file("f", "").size(-1).end());
        refused(
                "negative owner",
                "out of range",
                tar().file("f", "").binary(108, 8, -5).end());
        refused(
                "huge owner",
                "out of range",
                tar().pax("uid", "4294967296").file("f", "").end());
        contained(
                "largest owner",
                root -> check(root.stat("f").uid() == -2, "4294967294"),
                tar().pax("uid", "4294967294").file("f", "").end());
        refused(
                "a terabyte that isn't there",
                "ends inside",
                tar().file("f", "x").size(1L << 40).end());
        refused("size of all", "", tar().file("f", "x").size(Long.MAX_VALUE).end());
        refused("no end of a header", "", new byte[700]);
        refused(
                "cut off",
                "ends inside",
                Arrays.copyOf(tar().file("f", "x".repeat(2000)).end(), 1500));
        refused("wrong checksum", "checksum", withoutChecksum());
        refused("a segment beyond a sparse file", "", sparse("0,1,9223372036854775807,1"));
        refused("half a segment", "", sparse("0"));
    }

    private static byte[] withoutChecksum() {
        byte[] bytes = tar().file("f", "x").end();
        bytes[0] ^= 1;
        return bytes;
    }

    private static byte[] sparse(String map) {
        return tar().pax("GNU.sparse.map", map)
                .pax("GNU.sparse.size", "100")
                .file("f", "xx")
                .end();
    }

    private void attributes() {
        contained(
                "overlay's own attributes",
                root -> check(!root.xattrs("d").contains("trusted.overlay.redirect"), "dropped"),
                tar().pax("SCHILY.xattr.trusted.overlay.redirect", "/etc")
                        .directory("d")
                        .end());
        contained(
                "an opaque mark by attribute",
                root -> check(root.find("d/old").isPresent(), "not hidden"),
                tar().file("d/old", "").end(),
                tar().pax("SCHILY.xattr.trusted.overlay.opaque", "y")
                        .directory("d")
                        .end());
        refused(
                "wrong capabilities",
                "",
                tar().pax("SCHILY.xattr.security.capability", "full")
                        .file("f", "")
                        .end());
        refused(
                "a huge attribute",
                "",
                tar().pax('x', "SCHILY.xattr.user.a", new byte[70_000])
                        .file("f", "")
                        .end());
        contained(
                "before 1970",
                root -> check(root.stat("f").modified().getEpochSecond() == -5, "-5"),
                tar().pax("mtime", "-5").file("f", "").end());
        contained(
                "far future",
                root -> root.stat("f"),
                tar().pax("mtime", "99999999999").file("f", "").end());
        refused("no time", "", tar().pax("mtime", "later").file("f", "").end());
        refused(
                "a time without end",
                "range",
                tar().pax("mtime", "9".repeat(39)).file("f", "").end());
    }

    private static String read(Root root, String path) throws IOException {
        return new String(root.readAll(path, 1000), UTF_8);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError("expected: " + otherwise);
        }
    }
}
