using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A layer that moves whole steps of a sequence of vectors.</summary>
public abstract class StepMovingLayer : MovingLayer
{
    private protected StepMovingLayer(string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
    }

    /// <summary>Requires a sequence of vectors.</summary>
    private protected Shape RequireSequence(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank == 2
            ? input
            : throw new ShapeException(
                Introduction,
                "input of rank 3 (batch, timesteps, features)",
                input,
                input.Rank == 1
                    ? "Set returnSequences: true on the recurrent layer before it, or reshape the data to (samples, timesteps, "
                        + "features)."
                    : "Reshape the samples to (timesteps, features), with a Reshape layer for instance.");
    }

    /// <summary>Steps of the output as values: all features of a step go together.</summary>
    /// <param name="output">Shape of a sample of the output.</param>
    /// <param name="stepOf">Which step of the input a step of the output is; −1 where it is zero.</param>
    private protected static int[] SourcesOf(Shape output, Func<int, int> stepOf)
    {
        int features = output.Features;
        var sources = new int[output.Size];
        for (int place = 0; place < sources.Length; place++)
        {
            int step = stepOf(place / features);
            sources[place] = step < 0 ? -1 : (step * features) + (place % features);
        }

        return sources;
    }

    /// <summary>Reads one number for both ends, or one for each.</summary>
    /// <param name="config">The config.</param>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What both are where the key is missing.</param>
    private protected static (int Left, int Right) ReadEnds(ConfigReader config, string key, int fallback)
    {
        if (config.Raw(key) is not IEnumerable<object?>)
        {
            int both = config.Int(key, fallback);
            return (both, both);
        }

        return SampleAxes.Read(config, key) is [int left, int right]
            ? (left, right)
            : throw new ConfigException($"{config.Owner}: {key} must be a number, or a list of two.") { Option = key };
    }
}
