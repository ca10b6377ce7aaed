package dev.forno.registry.accounts;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Users and their passwords' bcrypt hashes. A password that was right is remembered by a keyed hash for as long as its line
 * stays, because bcrypt is slow on purpose and clients send the password with every request. Thread-safe.
 */
public final class Htpasswd {
    private static final int REMEMBERED = 1000;
    private static final int LONGEST = 72; // bcrypt ignores what follows
    private static final int SEARCHES = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    /** Verified for unknown users, so that they take as long as known ones. */
    private static final String NOBODY = "$2y$10$abcdefghijklmnopqrstuuBiRXEk.l3JY2TJrvfjj6i4oJdRzSmVK";

    private final WatchedFile<Map<String, String>> file;
    private final byte[] key = new byte[32];
    private final Semaphore searches = new Semaphore(SEARCHES, true);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteBuffer, String> right = new LinkedHashMap<>(16, 0.75f, true);

    /** Reads the file; throws {@link ErrorKind#INVALID_ARGUMENT}, naming the line, when it holds other hashes. */
    public Htpasswd(Path path) {
        file = new WatchedFile<>(path, lines -> parse(path, lines));
        new SecureRandom().nextBytes(key);
    }

    private static Map<String, String> parse(Path path, List<String> lines) {
        Map<String, String> users = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            String hash = line.substring(colon + 1);
            if (colon < 1 || !hash.matches("\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}")) {
                throw new FornoException(
                        ErrorKind.INVALID_ARGUMENT,
                        "read " + path + ", line " + (i + 1)
                                + ": expected user:bcrypt-hash; add users with \"htpasswd -B\"");
            }
            users.put(line.substring(0, colon), hash);
        }
        return Map.copyOf(users);
    }

    /** A text that changes when the user's password does; empty for unknown users. */
    public Optional<String> mark(String user) {
        return Optional.ofNullable(file.get().get(user)).map(hash -> hash.substring(hash.length() - 12));
    }

    /** Whether the password is the user's. */
    public boolean verify(String user, String password) throws InterruptedException {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        String hash = file.get().get(user);
        ByteBuffer seen = fingerprint(user, bytes);
        if (hash != null && isRemembered(seen, hash)) {
            return true;
        }
        searches.acquire();
        boolean matches;
        try {
            byte[] known = (hash == null ? NOBODY : hash).getBytes(StandardCharsets.US_ASCII);
            byte[] used = Arrays.copyOf(bytes, Math.min(bytes.length, LONGEST));
            matches = used.length > 0 && BCrypt.verifyer().verify(used, known).verified;
        } finally {
            searches.release();
        }
        if (matches && hash != null) {
            remember(seen, hash);
        }
        return matches && hash != null;
    }

    private boolean isRemembered(ByteBuffer seen, String hash) {
        lock.lock();
        try {
            return hash.equals(right.get(seen));
        } finally {
            lock.unlock();
        }
    }

    private void remember(ByteBuffer seen, String hash) {
        lock.lock();
        try {
            right.put(seen, hash);
            if (right.size() > REMEMBERED) {
                var eldest = right.keySet().iterator();
                eldest.next();
                eldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private ByteBuffer fingerprint(String user, byte[] password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(user.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return ByteBuffer.wrap(mac.doFinal(password));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
