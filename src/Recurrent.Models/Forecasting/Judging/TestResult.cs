namespace Recurrent.Forecasting;

/// <summary>What a statistical test found.</summary>
/// <param name="Statistic">The test's statistic.</param>
/// <param name="PValue">How probable a statistic at least as extreme is where the hypothesis holds, 0 to 1.</param>
public sealed record TestResult(double Statistic, double PValue);
