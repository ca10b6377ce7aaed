package dev.forno.registry.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An authority of its own, made by openssl in a directory of the test, with certificates that it signs. */
record Certificates(Path folder) {
    static boolean canBeMade() {
        return Files.isExecutable(Path.of("/usr/bin/openssl"));
    }

    /** Makes {@code NAME.crt} and {@code NAME.key} of an authority. */
    static Certificates authority(Path folder, String name) throws IOException, InterruptedException {
        Certificates made = new Certificates(folder);
        made.openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=" + name + " -keyout " + name + ".key -out "
                + name + ".crt");
        return made;
    }

    /** Signs {@code name.crt} with the authority; its key is {@code name.key}, made by {@code newKey}. */
    void sign(String authority, String name, String newKey, String extension) throws IOException, InterruptedException {
        openssl(newKey.replaceFirst(" |$", " -out " + name + ".key "));
        openssl("req -new -key " + name + ".key -subj /CN=" + name + " -out " + name + ".csr");
        Files.writeString(folder.resolve(name + ".ext"), extension + "\n");
        openssl("x509 -req -in " + name + ".csr -CA " + authority + ".crt -CAkey " + authority
                + ".key -CAcreateserial -days 2 -extfile " + name + ".ext -out " + name + ".crt");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    private void openssl(String arguments) throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>(List.of("openssl"));
        line.addAll(List.of(arguments.strip().split(" +")));
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(arguments + ": " + text);
        }
    }
}
