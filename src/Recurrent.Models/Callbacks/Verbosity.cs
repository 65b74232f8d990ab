namespace Recurrent.Callbacks;

/// <summary>How much a training run shows on the console.</summary>
public enum Verbosity
{
    /// <summary>A live display on a terminal, one line an epoch where output is redirected.</summary>
    Auto,

    /// <summary>Nothing.</summary>
    Silent,

    /// <summary>One line an epoch.</summary>
    Epochs,
}
