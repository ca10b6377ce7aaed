package dev.forno.linux.compression;

import dev.forno.linux.calls.LibraryCall;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import org.jspecify.annotations.Nullable;

/**
 * The functions of ISA-L's igzip (library {@code libisal.so.2}). The library tells no version, and its structures are part
 * of its interface: therefore it is used only after {@link IsaSelfTest} found that this one works as expected.
 */
@SuppressWarnings("restricted") // this module is the holder of native access
final class IsaLibrary {
    static final String FILE = "libisal.so.2";

    final LibraryCall inflateInit;
    final LibraryCall inflate;
    final LibraryCall deflateInit;
    final LibraryCall setDictionary;
    final LibraryCall deflate;

    private IsaLibrary(SymbolLookup library) {
        inflateInit = LibraryCall.of(library, "isal_inflate_init");
        inflate = LibraryCall.of(library, "isal_inflate");
        deflateInit = LibraryCall.of(library, "isal_deflate_init");
        setDictionary = LibraryCall.of(library, "isal_deflate_set_dict");
        deflate = LibraryCall.of(library, "isal_deflate");
    }

    /** The library, or why it is not used. */
    record Found(@Nullable IsaLibrary library, String reason) {}

    /** The result of looking for the library once, at the first use. */
    static Found found() {
        return Holder.FOUND;
    }

    private static final class Holder {
        static final Found FOUND = find();
    }

    /** Whether it compresses as expected; found out once, at the first use. */
    static boolean deflates() {
        return DeflationHolder.WORKS;
    }

    private static final class DeflationHolder {
        static final boolean WORKS = Holder.FOUND.library() != null && IsaSelfTest.ofDeflation(Holder.FOUND.library());
    }

    private static Found find() {
        if (!System.getProperty("os.arch", "").equals("amd64")
                && !System.getProperty("os.arch", "").equals("aarch64")) {
            return new Found(null, "not used on this kind of processor");
        }
        IsaLibrary library;
        try {
            library = new IsaLibrary(SymbolLookup.libraryLookup(FILE, Arena.global()));
        } catch (IllegalArgumentException e) {
            return new Found(null, FILE + " is not installed");
        } catch (UnsupportedOperationException e) {
            return new Found(null, FILE + " lacks a function: " + e.getMessage());
        }
        String difference = IsaSelfTest.ofInflation(library);
        return difference.isEmpty()
                ? new Found(library, "")
                : new Found(null, FILE + " is of a version that works otherwise: " + difference);
    }
}
