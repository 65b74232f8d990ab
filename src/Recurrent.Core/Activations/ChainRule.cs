using System.Numerics;

namespace Recurrent.Activations;

/// <summary>The chain rule <c>dx = dy · f′</c> of an element-wise activation, with f′ as a function of the output.</summary>
internal interface IChainRule
{
    /// <summary>The rule for one value.</summary>
    /// <param name="y">The output.</param>
    /// <param name="dy">Gradient with respect to the output.</param>
    Real Apply(Real y, Real dy);

    /// <summary>The same formula for as many values as a register holds.</summary>
    /// <param name="y">The outputs.</param>
    /// <param name="dy">Gradients with respect to the outputs.</param>
    Vector<Real> Apply(Vector<Real> y, Vector<Real> dy);
}

/// <summary>Applies a chain rule to spans.</summary>
internal static class ChainRule
{
    /// <summary>dx = rule(y, dy), value by value.</summary>
    /// <typeparam name="TRule">The rule; a struct, so that the compiler inlines it.</typeparam>
    /// <param name="rule">The rule with its constants.</param>
    /// <param name="y">The outputs.</param>
    /// <param name="dy">Gradients with respect to the outputs.</param>
    /// <param name="dx">
    /// Receives the gradients with respect to the inputs; may be the same memory as <paramref name="dy"/>.
    /// </param>
    public static void Sweep<TRule>(TRule rule, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx)
        where TRule : struct, IChainRule
    {
        dy = dy[..y.Length];
        dx = dx[..y.Length];
        int i = 0;
        for (; i <= y.Length - Vector<Real>.Count; i += Vector<Real>.Count)
        {
            rule.Apply(new Vector<Real>(y[i..]), new Vector<Real>(dy[i..])).CopyTo(dx[i..]);
        }

        for (; i < y.Length; i++)
        {
            dx[i] = rule.Apply(y[i], dy[i]);
        }
    }
}
