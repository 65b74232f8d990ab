namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="SpectralNormalization"/> remembers: the wrapped layer's pass.</summary>
public sealed class SpectralNormalizationPass : WrapperPass
{
    internal SpectralNormalizationPass(SpectralNormalization layer, PassOptions options)
        : base(layer, options) => Wrap(layer.Layer.CreatePass(Options));
}
