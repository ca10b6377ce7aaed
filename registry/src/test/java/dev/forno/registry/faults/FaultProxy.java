package dev.forno.registry.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Stands on a free loopback port before a registry that speaks plain HTTP, passes on what it gets, keeps a log of it, and
 * does to chosen requests what a {@link Fault} says. Every exchange has a connection of its own. The registry sees the
 * proxy's address as its own, so that the addresses it answers lead here again. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
    private final InetSocketAddress origin;
    private final ServerSocket server;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Exchanged> log = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private FaultProxy(InetSocketAddress origin) throws IOException {
        this.origin = origin;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("fault-proxy").start(this::accept);
    }

    /** Starts a proxy before a registry, given as {@code host:port}. */
    public static FaultProxy before(String registry) throws IOException {
        int colon = registry.lastIndexOf(':');
        return new FaultProxy(
                new InetSocketAddress(registry.substring(0, colon), Integer.parseInt(registry.substring(colon + 1))));
    }

    /** {@code 127.0.0.1:port}, as image names spell it. */
    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Does {@code fault} to the next request of {@code method} whose path and query hold a match of {@code pattern}. */
    public FaultProxy once(String method, String pattern, Fault fault) {
        return at(method, pattern, 0, 1, fault);
    }

    /** Does {@code fault} to all such requests. */
    public FaultProxy always(String method, String pattern, Fault fault) {
        return at(method, pattern, 0, Integer.MAX_VALUE, fault);
    }

    /** Lets {@code skip} such requests pass, then does {@code fault} to {@code times} of them. Earlier rules go first. */
    public FaultProxy at(String method, String pattern, int skip, int times, Fault fault) {
        Pattern compiled = Pattern.compile(pattern);
        synchronized (rules) {
            rules.add(new Rule(method, compiled.asPredicate(), fault, skip, times));
        }
        return this;
    }

    /** Forgets all faults that are still to come; the log stays. */
    public void heal() {
        synchronized (rules) {
            rules.clear();
        }
    }

    /** What arrived so far, in order. */
    public List<Exchanged> log() {
        return List.copyOf(log);
    }

    /** The requests whose text ({@code GET /v2/… bytes=…}) holds a match of {@code pattern}. */
    public List<Exchanged> log(String pattern) {
        Predicate<String> matches = Pattern.compile(pattern).asPredicate();
        return log.stream().filter(one -> matches.test(one.toString())).toList();
    }

    /** Empties the log. */
    public void forget() {
        log.clear();
    }

    /** Breaks all connections, as a registry does that dies. */
    public void cut() {
        open.forEach(ProxiedExchange::reset);
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client) {
            new ProxiedExchange(client, origin, this::meet).run();
        } catch (IOException e) {
            ProxiedExchange.reset(client);
        } finally {
            open.remove(client);
        }
    }

    /** Logs a request and gives the fault that it meets. */
    private List<Fault> meet(Head request) {
        String[] words = request.line().split(" ");
        List<Fault> met = new ArrayList<>();
        synchronized (rules) {
            for (Rule rule : rules) {
                if (met.isEmpty() && rule.meets(words[0], words[1], request)) {
                    met.add(rule.fault);
                }
            }
        }
        String text = met.isEmpty() ? "" : met.getFirst().getClass().getSimpleName();
        log.add(new Exchanged(words[0], words[1], request.headers(), text));
        return met;
    }

    /** Which requests meet a fault; counts down under the lock of the list. */
    private static final class Rule {
        private final String method;
        private final Predicate<String> target;
        private final Fault fault;
        private int skip;
        private int times;

        Rule(String method, Predicate<String> target, Fault fault, int skip, int times) {
            this.method = method;
            this.target = target;
            this.fault = fault;
            this.skip = skip;
            this.times = times;
        }

        boolean meets(String asked, String path, Head request) {
            if (!method.equals(asked) || times == 0 || !target.test(path) || endsBefore(request)) {
                return false;
            }
            if (skip > 0) {
                skip--;
                return false;
            }
            times--;
            return true;
        }

        /** A request that is over before the fault could begin passes, and another one meets it. */
        private boolean endsBefore(Head request) {
            return fault instanceof Fault.ResetUpload broken
                    && !request.isChunked()
                    && request.length() <= broken.bytes();
        }
    }
}
