package dev.forno.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line up to the command: global options, then the command's words.
 *
 * @param host the engine's address, null when not given
 * @param config the directory of the client's configuration
 * @param version whether only the version is asked for
 * @param help whether only help is asked for
 * @param words the command and what follows
 */
record Invocation(@Nullable String host, Path config, boolean version, boolean help, List<String> words) {

    static Invocation parse(List<String> arguments) {
        String host = null;
        String config = System.getenv("DOCKER_CONFIG");
        if (config == null || config.isEmpty()) {
            config = System.getProperty("user.home") + "/.docker";
        }
        boolean version = false;
        boolean help = false;
        int i = 0;
        while (i < arguments.size() && arguments.get(i).startsWith("-")) {
            String word = arguments.get(i++);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            switch (name) {
                case "-v", "--version" -> version = true;
                case "-h", "--help" -> help = true;
                case "-D", "--debug", "--tls", "--tlsverify" -> {
                    if (name.startsWith("--tls")) {
                        throw new IllegalArgumentException(name + ": TLS is not supported yet");
                    }
                }
                case "-H", "--host", "--socket", "--config", "-l", "--log-level", "-c", "--context" -> {
                    if (equals < 0 && i >= arguments.size()) {
                        throw new IllegalArgumentException("flag needs an argument: " + name);
                    }
                    String value = equals < 0 ? arguments.get(i++) : word.substring(equals + 1);
                    switch (name) {
                        case "-H", "--host", "--socket" -> host = value;
                        case "--config" -> config = value;
                        default -> {
                            // accepted for the sake of scripts: contexts and levels of the client's log do not exist
                        }
                    }
                }
                default -> throw new IllegalArgumentException("unknown flag: " + word);
            }
        }
        return new Invocation(host, Path.of(config), version, help, arguments.subList(i, arguments.size()));
    }
}
