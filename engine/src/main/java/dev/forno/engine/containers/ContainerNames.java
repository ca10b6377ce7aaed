package dev.forno.engine.containers;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names of containers: what users may give, and what is made up for them ({@code adjective_surname}). */
final class ContainerNames {
    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");

    private static final List<String> ADJECTIVES = List.of(
            "airy",
            "amber",
            "baked",
            "bold",
            "brave",
            "bright",
            "brisk",
            "buttered",
            "calm",
            "careful",
            "cheerful",
            "clever",
            "cosy",
            "crisp",
            "crusty",
            "curious",
            "dapper",
            "eager",
            "earnest",
            "fair",
            "festive",
            "floury",
            "fluffy",
            "fond",
            "fragrant",
            "fresh",
            "friendly",
            "gentle",
            "glad",
            "glazed",
            "golden",
            "graceful",
            "hearty",
            "honest",
            "humble",
            "jolly",
            "keen",
            "kind",
            "kneaded",
            "layered",
            "lively",
            "loyal",
            "lucid",
            "mellow",
            "merry",
            "mild",
            "modest",
            "nimble",
            "noble",
            "patient",
            "plain",
            "polite",
            "proud",
            "quick",
            "quiet",
            "radiant",
            "risen",
            "robust",
            "rustic",
            "serene",
            "sharp",
            "simple",
            "smooth",
            "spiced",
            "spry",
            "steady",
            "sunny",
            "sweet",
            "swift",
            "tender",
            "tidy",
            "toasted",
            "vivid",
            "warm",
            "wise",
            "witty",
            "zesty");

    private static final List<String> SURNAMES = List.of(
            "almeida",
            "agnesi",
            "appert",
            "bernoulli",
            "blackwell",
            "bohr",
            "boole",
            "brahe",
            "carson",
            "cauchy",
            "chaves",
            "church",
            "cruz",
            "curie",
            "darwin",
            "dijkstra",
            "dumont",
            "edgerton",
            "einstein",
            "erdos",
            "euler",
            "faraday",
            "fermat",
            "fermi",
            "feynman",
            "fourier",
            "franklin",
            "galilei",
            "gauss",
            "germain",
            "goodall",
            "gusmao",
            "hamilton",
            "hawking",
            "hertz",
            "hopper",
            "hypatia",
            "johnson",
            "kepler",
            "knuth",
            "kovalevskaya",
            "lamarr",
            "landell",
            "lattes",
            "leibniz",
            "liskov",
            "lovelace",
            "maxwell",
            "mccarthy",
            "meitner",
            "mendel",
            "mirzakhani",
            "nascimento",
            "newton",
            "nightingale",
            "noether",
            "pascal",
            "pasteur",
            "perlman",
            "planck",
            "poincare",
            "ramanujan",
            "ritchie",
            "rubin",
            "sagan",
            "shannon",
            "silveira",
            "somerville",
            "tesla",
            "thompson",
            "torvalds",
            "turing",
            "villa",
            "volta",
            "wiles",
            "wilson",
            "wing",
            "yonath",
            "zuse");

    private final ContainerRecords records;
    private final RandomGenerator random;

    ContainerNames(ContainerRecords records, RandomGenerator random) {
        this.records = records;
        this.random = random;
    }

    /** The name without slash; throws {@link ErrorKind#INVALID_ARGUMENT} with Docker's text. */
    static String checked(String name) {
        String bare = name.startsWith("/") ? name.substring(1) : name;
        if (!VALID.matcher(bare).matches()) {
            throw new FornoException(
                    ErrorKind.INVALID_ARGUMENT,
                    "Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }
        return bare;
    }

    /** Makes up a name that is free and takes it for {@code id}. */
    String generate(String id) {
        for (int attempt = 0; attempt < 12; attempt++) {
            String name = ADJECTIVES.get(random.nextInt(ADJECTIVES.size())) + "_"
                    + SURNAMES.get(random.nextInt(SURNAMES.size()));
            if (attempt > 5) {
                name += random.nextInt(10_000);
            }
            if (records.tryReserve(name, id)) {
                return name;
            }
        }
        String name = id.substring(0, 12);
        records.reserve(name, id);
        return name;
    }
}
