using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Examples.Modalities;

/// <summary>A kind of data that a day comes with.</summary>
[Flags]
internal enum Modality
{
    /// <summary>The numbers of the days before.</summary>
    Series = 1,

    /// <summary>Weekday and holidays.</summary>
    Calendar = 2,

    /// <summary>The image of the price tag.</summary>
    Image = 4,

    /// <summary>All of them.</summary>
    All = Series | Calendar | Image,
}

/// <summary>A model with an input for each modality: each is encoded by itself, day by day, joined, and read by one
/// GRU.</summary>
internal sealed class ShopForecaster
{
    private const int BatchSize = 16;
    private readonly Modality modalities;
    private readonly Model model;

    internal ShopForecaster(Modality modalities, int units, int seed)
    {
        this.modalities = modalities;
        var inputs = new List<Symbol>();
        var encoded = new List<Symbol>();
        if (modalities.HasFlag(Modality.Series))
        {
            Add(new Input((ShopDays.Days, 1), name: "series"), input => input);
        }

        if (modalities.HasFlag(Modality.Calendar))
        {
            var calendar = new Input((ShopDays.Days, ShopDays.CalendarFeatures), name: "calendar");
            Add(calendar, input => new Dense(8, "tanh").Call(input));
        }

        if (modalities.HasFlag(Modality.Image))
        {
            // The same small network reads the tag of every day. Nobody tells it which digit is on it.
            var reader = new Sequential(name: "tag_reader");
            reader.Add(new Conv1D(16, 3, padding: "same", activation: "relu", inputShape: (Digits.Size, Digits.Size)));
            reader.Add(new Flatten());
            reader.Add(new Dense(32, "relu"));
            reader.Add(new Dense(4, "tanh"));
            var image = new Input((ShopDays.Days, Digits.Size, Digits.Size), name: "image");
            Add(image, input => new TimeDistributed(reader).Call(input));
        }

        Symbol joined = encoded.Count == 1 ? encoded[0] : new Concatenate().Call([.. encoded]);
        Symbol read = new GRU(units, returnSequences: true).Call(joined);

        // The GRU remembers; what today's calendar and tag say goes past it as well.
        Symbol hidden = new Dense(units, "relu").Call(new Concatenate().Call(read, joined));
        model = new Model([.. inputs], new Dense(1).Call(hidden), seed: seed);

        void Add(Input input, Func<Symbol, Symbol> encode)
        {
            inputs.Add(input.Output);
            encoded.Add(encode(input.Output));
        }
    }

    /// <summary>The model, to be drawn.</summary>
    internal Model Model => model;

    /// <summary>Trains on shops.</summary>
    internal void Train(ShopDays days, int epochs)
    {
        int updates = epochs * ((days.Sold.Shape[0] + BatchSize - 1) / BatchSize);
        model.Compile(new AdamW(new CosineDecay(0.004, updates), weightDecay: 0.01, globalClipNorm: 1), "mse");
        model.Fit(Data(days), days.Sold, epochs, BatchSize, verbose: Verbosity.Silent);
    }

    /// <summary>The root of the mean squared error.</summary>
    internal double Error(ShopDays days) => Math.Sqrt(model.Evaluate(Data(days), days.Sold)["loss"]);

    private ModelData Data(ShopDays days)
    {
        var data = new List<NDArray>();
        if (modalities.HasFlag(Modality.Series))
        {
            data.Add(days.Before);
        }

        if (modalities.HasFlag(Modality.Calendar))
        {
            data.Add(days.Calendar);
        }

        if (modalities.HasFlag(Modality.Image))
        {
            data.Add(days.Tags);
        }

        return data;
    }
}
