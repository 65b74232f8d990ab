namespace Recurrent.Data;

/// <summary>What a model forecasts for a gap: a forecaster fitted on the history, for instance.</summary>
/// <param name="history">The values before the gap, complete; where the gap is seen from its other end, the values behind it,
/// latest first.</param>
/// <param name="steps">Number of missing values.</param>
/// <returns>As many values.</returns>
public delegate double[] GapModel(double[] history, int steps);
