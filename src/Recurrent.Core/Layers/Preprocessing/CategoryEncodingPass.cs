using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="CategoryEncoding"/> remembers.</summary>
public sealed class CategoryEncodingPass : Pass
{
    internal CategoryEncodingPass(CategoryEncoding layer, PassOptions options)
        : base(layer, options)
    {
        Tokens = new TokenPass(layer, options with { InputShapes = [options.InputShapes[0]] }, layer.OutputMode, layer.NumTokens);
        if (options.InputShapes.Count > 1 && options.InputGradients[1])
        {
            Shape weights = options.InputShapes[1];
            WeightGradient = new DenseMatrix(weights.Features, weights.Steps * options.BatchSize);
        }
    }

    /// <summary>Which id each value of the input is.</summary>
    internal TokenPass Tokens { get; }

    /// <summary>The gradient of the weights; null where there are none, or nobody asks.</summary>
    internal DenseMatrix? WeightGradient { get; }

    /// <summary>The padding of the ids in the last forward pass.</summary>
    internal Padding? Padding { get; set; }
}
