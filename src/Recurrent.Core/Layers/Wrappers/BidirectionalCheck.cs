using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>What two layers must be to read a sequence from both ends.</summary>
internal static class BidirectionalCheck
{
    internal static void Free(OptionCheck check, RecurrentLayer layer) => check
        .Require(layer.InputShape is null, $"{layer.Introduction} is built already, and belongs to one place of one model")
        .Require(layer.DeclaredInputShape is null, $"give inputShape to Bidirectional, not to the wrapped {layer.Introduction}");

    internal static void Pair(OptionCheck check, RecurrentLayer forward, RecurrentLayer backward)
    {
        check.Require(!ReferenceEquals(forward, backward),
            "the backward layer must be a layer of its own, but is the forward layer itself")
            .Require(
                backward.GoBackwards != forward.GoBackwards || ReferenceEquals(forward, backward),
                $"both layers must not read the same way, but goBackwards is {Text(forward.GoBackwards)} for the forward "
                + $"{forward.Introduction} and for the backward {backward.Introduction}. Set goBackwards: "
                + $"{Text(!forward.GoBackwards)} on the backward layer");
        Agree("returnSequences", layer => layer.ReturnSequences);
        Agree("returnState", layer => layer.ReturnState);
        Agree("stateful", layer => layer.Stateful);

        void Agree(string option, Func<RecurrentLayer, bool> value) => check.Require(
            value(forward) == value(backward),
            $"both layers must have the same {option}, but it is {Text(value(forward))} for the forward {forward.Introduction} "
            + $"and {Text(value(backward))} for the backward {backward.Introduction}");

        static string Text(bool value) => value ? "true" : "false";
    }
}
