package dev.forno.engine.images;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.ImageConfig;
import java.util.List;

/** Applies Dockerfile instructions ({@code --change} of import and commit) to execution parameters. */
@FunctionalInterface
public interface ConfigChanges {
    /** The parameters after {@code instructions}; throws {@link ErrorKind#INVALID_ARGUMENT} for one that isn't allowed. */
    ImageConfig.Execution apply(ImageConfig.Execution config, List<String> instructions);
}
