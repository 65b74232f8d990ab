namespace Recurrent.Layers;

/// <summary>
/// How a use of a layer is written in Keras's words: which of its inputs are arguments by position and which by name, and which
/// of its options are arguments of the call there.
/// </summary>
internal sealed record CallForm
{
    /// <summary>What Keras calls the mask among the arguments of a call.</summary>
    public const string Mask = "mask";

    /// <summary>One input by position, and no more to say.</summary>
    public static CallForm OneInput { get; } = new();

    /// <summary>All inputs as one list.</summary>
    public static CallForm List { get; } = new() { IsList = true };

    /// <summary>One input, of which Keras notes which mask it has.</summary>
    public static CallForm Masked { get; } = new() { Noted = [new(Mask, null)] };

    /// <summary>All inputs as one list, of which Keras notes which masks they have.</summary>
    public static CallForm MaskedList { get; } = new() { IsList = true, Noted = [new(Mask, null)] };

    /// <summary>So many inputs by position, or in one list, and no more to say.</summary>
    public static CallForm Plain(int inputs, bool isList) => new() { Positional = inputs, IsList = isList };

    /// <summary>One input, of which Keras notes that the call is none of training.</summary>
    public static CallForm Trained { get; } = new() { Noted = [new("training", false)] };

    /// <summary>A sequence, behind which the states to begin with may stand.</summary>
    public static CallForm Recurrent { get; } = new()
    {
        Inputs = ["sequences"],
        Rest = "initial_state",
        Noted = [new("training", false), new(Mask, null)],
    };

    /// <summary>What the inputs are called.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = ["inputs"];

    /// <summary>How many of the inputs stand by position; those behind them by name.</summary>
    public int Positional { get; init; } = 1;

    /// <summary>How many of the inputs parameters depend on.</summary>
    public int Built { get; init; } = 1;

    /// <summary>Whether all inputs are one argument, a list.</summary>
    public bool IsList { get; init; }

    /// <summary>The argument that takes all inputs behind the named ones as a list; null where there is none.</summary>
    public string? Rest { get; init; }

    /// <summary>What Keras adds to a call on one symbol without any argument by name.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Noted { get; init; } = [];

    /// <summary>Options of the layer that are arguments of the call.</summary>
    public IReadOnlyList<CallOption> Options { get; init; } = [];

    /// <summary>The arguments by name that a call on so many inputs has, those for inputs aside.</summary>
    /// <param name="inputs">Number of inputs.</param>
    /// <param name="words">How the call was written, or null.</param>
    public IEnumerable<KeyValuePair<string, object?>> ArgumentsFor(int inputs, CallWords? words = null) => IsNotedFor(inputs)
        ? Noted
        : Options
            .Where(option => option.Value || words?.Said.Contains(option.Name) == true)
            .Select(option => new KeyValuePair<string, object?>(option.Name, option.Value));

    /// <summary>Whether Keras notes the mask of a call on so many inputs.</summary>
    public bool TakesMask(int inputs) => IsNotedFor(inputs) && Noted.Any(argument => argument.Key == Mask);

    /// <summary>How many of so many inputs stand by position.</summary>
    /// <param name="inputs">Number of inputs.</param>
    /// <param name="words">How the call was written, or null.</param>
    public int PositionalOf(int inputs, CallWords? words) =>
        IsList ? inputs : Math.Min(words?.Positional ?? Positional, inputs);

    /// <summary>What an input that stands by name is called.</summary>
    /// <param name="input">Which input.</param>
    public string NameOf(int input) => input < Inputs.Count ? Inputs[input] : Rest ?? string.Empty;

    private bool IsNotedFor(int inputs) => IsList ? Noted.Count > 0 : inputs == 1;
}

/// <summary>An option of a layer that is an argument of the call in Keras.</summary>
/// <param name="Name">Its name, in the config too.</param>
/// <param name="Value">What it is.</param>
internal sealed record CallOption(string Name, bool Value);
