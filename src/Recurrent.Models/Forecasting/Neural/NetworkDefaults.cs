namespace Recurrent.Forecasting;

/// <summary>What a forecaster wants where <see cref="NetworkTraining"/> leaves it open.</summary>
internal sealed record NetworkDefaults
{
    /// <summary>The first learning rate.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>The factor of the rate after each epoch.</summary>
    public double Decay { get; init; } = 1;

    /// <summary>Whether the rate falls over half a cosine instead.</summary>
    public bool Cosine { get; init; }

    /// <summary>The loss.</summary>
    public string Loss { get; init; } = "quantile";

    /// <summary>Epochs of a training at least.</summary>
    public int LeastEpochs { get; init; } = 10;

    /// <summary>Epochs of a training at most.</summary>
    public int MostEpochs { get; init; } = 200;

    /// <summary>About so many updates a training makes at most.</summary>
    public int Updates { get; init; } = 4000;

    /// <summary>Share of the windows that is kept back.</summary>
    public double ValidationShare { get; init; } = 0.15;

    /// <summary>Number of networks whose forecasts are averaged.</summary>
    public int Members { get; init; } = 1;

    /// <summary>Number of networks where there are few windows, and one more is soon trained.</summary>
    public int? MembersOfFew { get; init; }
}
