package dev.forno.cli.streams;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/**
 * Signals to this process, given to handlers. The JDK's only door to them is {@code sun.misc.Signal}, a supported class
 * whose direct use the compiler always warns about: hence the reflection.
 */
public final class Signals {
    /** What a command attached to a container passes on. The JVM keeps QUIT, USR1 and the fault signals to itself. */
    public static final List<String> PROXIED = List.of("HUP", "INT", "TERM", "USR2");

    private Signals() {}

    /**
     * Calls the handler, on a thread of the JVM, with the name of each signal that arrives. A signal that the JVM does not
     * give away keeps its effect.
     */
    public static void handle(List<String> names, Consumer<String> handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Method getName = signal.getMethod("getName");
            Method handle = signal.getMethod("handle", signal, type);
            InvocationHandler forward = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    handler.accept((String) getName.invoke(arguments[0]));
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> false;
                default -> method.getName();
            };
            Object proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, forward);
            for (String name : names) {
                register(signal, handle, name, proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("handle signals: this JDK has no module jdk.unsupported", e);
        }
    }

    private static void register(Class<?> signal, Method handle, String name, Object proxy)
            throws ReflectiveOperationException {
        try {
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (java.lang.reflect.InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw e;
            }
            // taken by the JVM: the signal keeps its effect on this process
        }
    }
}
