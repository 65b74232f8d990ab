using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <content>Layers that read tokens: ids, other whole numbers, strings.</content>
public abstract partial class Layer
{
    /// <summary>Whether the input holds tokens, ids or other ones, each of which is a step of its own.</summary>
    internal virtual bool ReadsTokens => IdCount is not null;

    /// <summary>The option that says how many ids there are.</summary>
    internal virtual string IdOption => "inputDim";

    /// <summary>
    /// Number of ids that the output holds, from 0 on; null where it holds no ids, or their number is not known.
    /// </summary>
    internal virtual int? TokenCount => null;

    /// <summary>What kind of number the output is in Keras; null for the number type that models compute in.</summary>
    internal virtual string? OutputType => null;

    /// <summary>What kind of number an output is in Keras; null for the number type that models compute in.</summary>
    /// <param name="index">Which output.</param>
    internal virtual string? OutputTypeOf(int index) => OutputType;

    /// <summary>
    /// Whether an input is one of strings: true where it must be, false where it must not, null where it may be either.
    /// Strings are looked up where a model gets its data (<see cref="LookUp"/>), and the layer runs on what they are then.
    /// </summary>
    /// <param name="input">Which input.</param>
    internal virtual bool? ReadsStrings(int input) => false;

    /// <summary>Looks strings up, before any work: the numbers that the layer's forward passes read in their place.</summary>
    /// <param name="strings">The strings.</param>
    /// <param name="argument">What the caller calls them, for messages.</param>
    /// <param name="keys">Receives a number for each.</param>
    /// <exception cref="ArgumentException">A string cannot be looked up; the message says which and where.</exception>
    internal virtual void LookUp(StringArray strings, string argument, Span<Real> keys) =>
        throw new NotSupportedException($"{Introduction} reads no strings.");

    /// <summary>
    /// Shape of a sample of what the layer is fed in place of strings of a shape; a shape of what is fed stays.
    /// </summary>
    /// <param name="strings">Shape of a sample.</param>
    /// <exception cref="ShapeException">The layer takes no such strings.</exception>
    internal virtual Shape FedShape(Shape strings) => strings;

    /// <summary>
    /// What the layer is fed in place of strings, where it is not a number for each (<see cref="LookUp"/>); else null.
    /// </summary>
    /// <param name="strings">The strings.</param>
    /// <param name="argument">What the caller calls them, for messages.</param>
    /// <exception cref="ArgumentException">The layer takes no such strings; the message says which and where.</exception>
    internal virtual TokenFeed? FeedOf(StringArray strings, string argument) => null;

    /// <summary>Shape of a sample where none is declared: of a layer that takes samples of one shape; else null.</summary>
    internal virtual Shape? NaturalInputShape => null;

    /// <summary>What is wrong with a number of the input of a model, beside its not being an id; null where nothing is.</summary>
    /// <param name="value">The number.</param>
    /// <param name="place">Where it is: <c>in row 3 at step 4</c>.</param>
    internal virtual string? WrongInput(Real value, string place) => null;

    /// <summary>Whether <see cref="WrongInput"/> has something to say.</summary>
    internal virtual bool ChecksInput => false;
}
