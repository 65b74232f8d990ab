using System.Globalization;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// How tokens, whole numbers from 0 on, become numbers that layers can weigh: as they are, or a place of 1 for each, or what
/// a sample has of each.
/// </summary>
internal static class TokenEncoding
{
    public const string Int = "int";
    public const string OneHot = "one_hot";
    public const string MultiHot = "multi_hot";
    public const string Count = "count";
    public const string TfIdf = "tf_idf";

    /// <summary>The names that Keras 2 had are those of today.</summary>
    public static string Modern(string mode) => mode switch
    {
        "binary" => MultiHot,
        "tf-idf" => TfIdf,
        _ => mode,
    };

    /// <summary>Shape of a sample of the output.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="input">Shape of a sample of the input, of one axis at least.</param>
    /// <param name="built">
    /// Shape of a sample that the layer is built for, or null before: where its last axis is one token, it becomes that of the
    /// encoding.
    /// </param>
    /// <param name="depth">Number of tokens.</param>
    public static Shape OutputShape(string mode, Shape input, Shape? built, int depth) => mode switch
    {
        Int => input,
        OneHot when (built ?? input)[^1] == 1 => input.WithFeatures(depth),
        OneHot => new([.. input.Axes, depth]),
        _ => new([.. input.Axes.Skip(1), depth]),
    };

    /// <summary>Requires that a sample has an axis.</summary>
    /// <exception cref="ShapeException">It has none.</exception>
    public static Shape RequireAxis(Layer layer, Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Rank > 0
            ? input
            : throw new ShapeException(
                layer.Introduction, "input of rank 2 or more (batch, tokens)", input, "Give every sample a list of tokens, if "
                    + "only of one.");
    }

    /// <summary>Why a layer of such a mode cannot work step by step; null where it can.</summary>
    public static Obstacle? StreamingObstacle(string mode, Shape? input) => mode switch
    {
        Int => null,
        OneHot => input is { Rank: 1 } && input[0] == 1
            ? new("it makes the one token of a sample a vector, which is no sequence")
            : null,
        _ => new($"its outputMode '{mode}' makes one vector of all tokens of a sample", "Use outputMode: \"one_hot\" or \"int\""),
    };

    /// <summary>Requires that the output of a sample is not far larger than anything of use.</summary>
    public static long RequireRoom(Layer layer, string mode, Shape input, int depth, long most, string option)
    {
        long values = mode == Int ? 0 : (long)OutputShape(mode, input, input, depth).Steps * depth;
        return values <= most
            ? (long)input.Steps * input.Features
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{layer.Introduction} makes {values} numbers of each sample, and at most {most} are made of one. Use a "
                    + $"smaller {option}."));
    }

    /// <summary>Notes what is wrong with a mode.</summary>
    public static OptionCheck CheckMode(this OptionCheck check, string mode, params ReadOnlySpan<string> modes) =>
        check.OneOf("outputMode", mode, modes);
}
