namespace Recurrent.Forecasting;

/// <summary>What goes into a forecasting network, and what must come out.</summary>
/// <remarks>
/// Inputs, in this order, each where it is not empty: <c>past</c> (<see cref="Lookback"/>, <see cref="PastFeatures"/>): the
/// targets, with <see cref="WindowScaling.Seasonal"/> their seasonal differences, the past covariates, the past values of the
/// future covariates; <c>future</c> (<see cref="Horizon"/>, <see cref="FutureFeatures"/>); <c>static</c>
/// (<see cref="StaticFeatures"/>); and, where the forecaster asks for it, <c>channel</c> (1): an id below <see cref="Channels"/>,
/// which tells variables, or series, apart. Output: (<see cref="Horizon"/> · <see cref="Targets"/>, <see cref="Levels"/>), step
/// by step the numbers of each target.
/// </remarks>
public sealed record NetworkSizes
{
    /// <summary>Steps that the network sees.</summary>
    public required int Lookback { get; init; }

    /// <summary>Steps that it forecasts.</summary>
    public required int Horizon { get; init; }

    /// <summary>Targets of one sample: 1 where each variable is forecast by itself.</summary>
    public required int Targets { get; init; }

    /// <summary>Numbers of each step of the input <c>past</c>.</summary>
    public required int PastFeatures { get; init; }

    /// <summary>Numbers of each step of the input <c>future</c>; 0 where there is none.</summary>
    public required int FutureFeatures { get; init; }

    /// <summary>Numbers of the input <c>static</c>; 0 where there is none.</summary>
    public required int StaticFeatures { get; init; }

    /// <summary>Number of ids of the input <c>channel</c>.</summary>
    public required int Channels { get; init; }

    /// <summary>Variables of a series that are each forecast by itself; 1 where all of them are one sample.</summary>
    public int Variables { get; init; } = 1;

    /// <summary>Numbers for each target and step: quantiles, parameters of a distribution, or 1.</summary>
    public required int Levels { get; init; }

    /// <summary>The season of the series; 1 for none.</summary>
    public required int Season { get; init; }

    /// <summary>How windows are scaled.</summary>
    public required WindowScaling Scaling { get; init; }

    /// <summary>Number of windows that there are to train on.</summary>
    public required long Windows { get; init; }

    /// <summary>Where first weights come from.</summary>
    public required int Seed { get; init; }
}
