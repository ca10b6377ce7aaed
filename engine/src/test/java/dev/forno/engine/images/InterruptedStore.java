package dev.forno.engine.images;

import dev.forno.store.Store;
import dev.forno.store.records.Database;
import dev.forno.store.snapshots.Snapshotter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A store to whose calls a test comes first, to do what others do at that moment or to fail. */
final class InterruptedStore {
    private InterruptedStore() {}

    /** Over another, with what happens before each of its transactions, and before it makes the index of an image. */
    static Store of(Store store, Runnable beforeTransaction, Runnable beforeIndex) {
        Database database = proxy(Database.class, store.database(), called -> {
            if (called.equals("transaction")) {
                beforeTransaction.run();
            }
            return null;
        });
        Snapshotter snapshotter = proxy(Snapshotter.class, store.snapshotter(), called -> {
            if (called.equals("index")) {
                beforeIndex.run();
            }
            return null;
        });
        return proxy(Store.class, store, called -> switch (called) {
            case "database" -> database;
            case "snapshotter" -> snapshotter;
            default -> null;
        });
    }

    /** What comes first: gives what the call of this method returns, or null to let it go on. */
    private interface First {
        @Nullable
        Object call(String method);
    }

    private static <T> T proxy(Class<T> type, T behind, First first) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer(behind, first.call(method.getName()), method, arguments)));
    }

    private static @Nullable Object answer(
            Object behind, @Nullable Object instead, Method method, Object @Nullable [] arguments) throws Throwable {
        if (instead != null) {
            return instead;
        }
        try {
            return method.invoke(behind, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
