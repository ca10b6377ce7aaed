package dev.forno;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the build wrote down about itself; commit and time may be empty. */
record BuildFacts(String version, String commit, String time) {
    private static final BuildFacts READ = load();

    static BuildFacts read() {
        return READ;
    }

    private static BuildFacts load() {
        Properties properties = new Properties();
        try (InputStream in = BuildFacts.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildFacts(
                properties.getProperty("version", "unknown"),
                properties.getProperty("commit", ""),
                properties.getProperty("time", ""));
    }
}
