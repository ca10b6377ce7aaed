package dev.forno.engine.images;

import dev.forno.engine.images.records.ImageRecord;
import dev.forno.oci.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands on images and on chains of layers, up to date while images go. */
final class Dependents {
    private final Map<String, Integer> children = new HashMap<>();
    private final List<ImageRecord> images;
    private final List<ImageUsers.Use> uses;

    /** How often each is held; null until an image goes, which is seldom the case where only a name does. */
    private @Nullable Map<Digest, Integer> chains;

    /** Of these images, and of containers that stand on chains too. */
    Dependents(Collection<ImageRecord> images, List<ImageUsers.Use> uses) {
        this.images = List.copyOf(images);
        this.uses = uses;
        for (ImageRecord image : images) {
            if (image.parent() != null) {
                children.merge(image.parent(), 1, Integer::sum);
            }
        }
    }

    /** Whether images were built on this one. */
    boolean hasChildren(Digest id) {
        return children.containsKey(id.toString());
    }

    /** Counts an image as gone. Returns the chains that nobody has any more, the longest first. */
    List<Digest> remove(ImageRecord image) {
        if (image.parent() != null) {
            children.computeIfPresent(image.parent(), (id, count) -> less(count));
        }
        Map<Digest, Integer> held = chains == null ? held() : chains;
        chains = held;
        List<Digest> unused = new ArrayList<>();
        for (Digest chain : chains(image).reversed()) {
            if (held.computeIfPresent(chain, (id, count) -> less(count)) == null) {
                unused.add(chain);
            }
        }
        return unused;
    }

    private Map<Digest, Integer> held() {
        Map<Digest, Integer> held = new HashMap<>();
        images.forEach(image -> chains(image).forEach(chain -> held.merge(chain, 1, Integer::sum)));
        uses.forEach(use -> Chains.of(use.layers()).forEach(chain -> held.merge(chain, 1, Integer::sum)));
        return held;
    }

    private static @Nullable Integer less(int count) {
        return count == 1 ? null : count - 1;
    }

    private static List<Digest> chains(ImageRecord image) {
        return Chains.of(image.diffIds().stream().map(Digest::parse).toList());
    }
}
