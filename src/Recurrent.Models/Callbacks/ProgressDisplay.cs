namespace Recurrent.Callbacks;

/// <summary>Shows a training run on the console.</summary>
internal sealed class ProgressDisplay : Callback
{
    /// <summary>The display for a verbosity: one callback, or none.</summary>
    public static IEnumerable<Callback> For(Verbosity verbosity) => verbosity == Verbosity.Silent ? [] : [new ProgressDisplay()];
}
