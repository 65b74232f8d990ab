using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>How the losses of the columns of a batch become one number.</summary>
public enum Reduction
{
    /// <summary>The mean over the columns that no mask hides; sample weights multiply and are not normalised (Keras's
    /// default).</summary>
    SumOverBatchSize,

    /// <summary>The sum over the columns that no mask hides, times their sample weights.</summary>
    Sum,

    /// <summary>The weighted mean: the sum over the columns times their sample weights, divided by the sum of the
    /// weights.</summary>
    MeanWithSampleWeight,
}

/// <summary>The names of the reductions in configs.</summary>
internal static class ReductionNames
{
    /// <summary>The name that Keras writes.</summary>
    /// <param name="reduction">The reduction.</param>
    public static string Of(Reduction reduction) => reduction switch
    {
        Reduction.Sum => "sum",
        Reduction.MeanWithSampleWeight => "mean_with_sample_weight",
        _ => "sum_over_batch_size",
    };

    /// <summary>Reads the option <c>reduction</c>; the default is <see cref="Reduction.SumOverBatchSize"/>.</summary>
    /// <param name="reader">The config.</param>
    /// <exception cref="ConfigException">The name is no supported reduction.</exception>
    public static Reduction Read(ConfigReader reader) => reader.OptionalString("reduction") switch
    {
        null => Default(reader),
        "sum_over_batch_size" or "mean" => Reduction.SumOverBatchSize, // Two names of Keras's for the same thing.
        "sum" => Reduction.Sum,
        "mean_with_sample_weight" => Reduction.MeanWithSampleWeight,
        "none" => throw NotOneNumber(reader, "'none'"),
        string other => throw new ConfigException(
            $"{reader.Owner}: reduction = '{other}' is unknown. Valid names: mean, mean_with_sample_weight, sum, "
            + "sum_over_batch_size."),
    };

    private static Reduction Default(ConfigReader reader) =>
        reader.IsNull("reduction") ? throw NotOneNumber(reader, "null") : Reduction.SumOverBatchSize;

    private static ConfigException NotOneNumber(ConfigReader reader, string value) => new(
        $"{reader.Owner}: reduction = {value} is not supported, because training needs one number. Use 'sum_over_batch_size', "
        + "'sum' or 'mean_with_sample_weight'.");
}
