package dev.forno.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Root file systems made on this machine, since no registry is assumed to be reachable. */
final class BaseImages {
    private static final Path CACHE = Path.of(System.getProperty("java.io.tmpdir"), "forno-e2e-images");

    private static final String BUSYBOX = """
                set -e
                root=$(mktemp -d)
                trap 'rm -rf "$root"' EXIT
                chmod 755 "$root"
                mkdir -p "$root/bin" "$root/etc" "$root/root" "$root/var/www"
                mkdir -m 1777 "$root/tmp"
                cp /bin/busybox "$root/bin/busybox"
                for applet in $(/bin/busybox --list); do [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"; done
                printf 'root:x:0:0:root:/root:/bin/sh\\nworker:x:1000:1001:worker:/tmp:/bin/sh\\n' >"$root/etc/passwd"
                printf 'root:x:0:\\nworkers:x:1001:\\nextra:x:2000:worker\\n' >"$root/etc/group"
                tar --numeric-owner --owner=0 --group=0 -C "$root" -cf "$1" .
                """;

    private BaseImages() {}

    /** Imports {@code busybox:latest} unless the engine has it. */
    static void busybox(Docker docker) {
        ensure(docker, "busybox:latest", "busybox.tar", BUSYBOX);
    }

    /** The root file system of {@code busybox:latest} as a tar. */
    static Path busyboxTar() {
        return tar("busybox.tar", BUSYBOX);
    }

    /** Imports {@code debian:bookworm} unless the engine has it. */
    static void debian(Docker docker) {
        ensure(docker, "debian:bookworm", "debian.tar", "exec mmdebstrap --quiet --variant=minbase bookworm \"$1\"");
    }

    private static void ensure(Docker docker, String image, String file, String script) {
        if (docker.run("image", "inspect", image).exit() == 0) {
            return;
        }
        docker.command("import", "-c", "CMD [\"sh\"]", tar(file, script).toString(), image)
                .run()
                .ok();
    }

    private static Path tar(String file, String script) {
        Path tar = CACHE.resolve(file);
        try {
            Files.createDirectories(CACHE);
            if (!Files.exists(tar)) {
                Path part = CACHE.resolve(file + ".part.tar");
                Command.of("bash", "-c", script, "make", part.toString())
                        .timeout(600)
                        .run()
                        .ok();
                Files.move(part, tar);
            }
        } catch (IOException e) {
            throw new AssertionError("make " + tar, e);
        }
        return tar;
    }
}
