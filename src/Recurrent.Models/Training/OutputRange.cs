using Recurrent.Activations;
using Recurrent.Layers;

namespace Recurrent.Training;

/// <summary>What the outputs of a model can be, because of the function they went through last.</summary>
/// <param name="Layer">The layer that has the function.</param>
/// <param name="Function">The function.</param>
/// <param name="Least">The least it gives; −∞ where there is no bound.</param>
/// <param name="Most">The most it gives; +∞ where there is no bound.</param>
internal sealed record OutputRange(Layer Layer, ActivationFunction Function, double Least, double Most)
{
    /// <summary>What a function is tried at; a value of half of it or more has no bound.</summary>
    private const Real Far = 1000;

    /// <summary>Whether outputs are probabilities by themselves.</summary>
    public bool IsProbability => Least >= 0 && Most <= 1;

    /// <summary>Whether outputs have no bound on one side at least.</summary>
    public bool IsOpen => double.IsInfinity(Least) || double.IsInfinity(Most);

    /// <summary>The function as a user wrote it: <c>linear</c>.</summary>
    public string Name => Function.ClassName;

    /// <summary>Finds the function that an output went through last; null where none can be named.</summary>
    /// <param name="network">The network.</param>
    /// <param name="output">Which output.</param>
    public static OutputRange? Of(Network network, int output)
    {
        int place = network.OutputPlaces[output];
        while (Array.FindLast(network.Nodes, node => node.FirstOutput <= place) is { } node)
        {
            if (node.Layer is not (Dropout or SpatialDropout1D or Flatten or RepeatVector or Masking
                or PassThroughLayer or MovingLayer))
            {
                return Of(node.Layer);
            }

            // The values themselves are those that came.
            place = node.Reads[0];
        }

        return null;
    }

    /// <summary>What a layer gives because of its own function; null where none can be named.</summary>
    public static OutputRange? Of(Layer layer) => layer switch
    {
        Dense dense => Tried(dense, dense.Function),
        FunctionLayer { Function: Glu } => null,
        FunctionLayer function => Tried(function, function.Function),
        Layers.Softmax softmax => Tried(softmax, new Activations.Softmax()),
        ConvolutionLayer convolution => Tried(convolution, convolution.Activation),
        TimeDistributed each => Of(each.Layer) is { } inner ? inner with { Layer = each } : null,

        // A gate between 0 and 1 makes a value smaller, and a state of zero is where all begin.
        LSTM or GRU => Tried(layer, ((GatedCell)((RecurrentLayer)layer).Cell).Options.Activation!) is { } range
            ? range with { Least = Math.Min(range.Least, 0), Most = Math.Max(range.Most, 0) }
            : null,
        SimpleRNN recurrent => Tried(recurrent, ((GatedCell)recurrent.Cell).Options.Activation!),
        _ => null,
    };

    /// <summary>Tries a function at many places, each beside a zero, so that functions of a whole vector show what they do
    /// too.</summary>
    private static OutputRange Tried(Layer layer, ActivationFunction function)
    {
        const int Places = 401;
        var x = new Real[2 * Places];
        for (int i = 0; i < Places; i++)
        {
            Real t = (i - (Places / 2)) / (Real)(Places / 2);
            x[2 * i] = Far * t * Math.Abs(t);
        }

        var y = new Real[x.Length];
        function.Forward(x, y, 2);
        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        for (int i = 0; i < Places; i++)
        {
            least = double.IsNaN(y[2 * i]) ? least : Math.Min(least, y[2 * i]);
            most = double.IsNaN(y[2 * i]) ? most : Math.Max(most, y[2 * i]);
        }

        return new(
            layer, function, least <= -Far / 10 ? double.NegativeInfinity : least, most >= Far / 10
                ? double.PositiveInfinity : most);
    }
}
