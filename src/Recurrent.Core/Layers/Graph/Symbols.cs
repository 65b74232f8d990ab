using System.Collections;
using System.Runtime.CompilerServices;

namespace Recurrent.Layers;

/// <summary>
/// One symbol or several, in order: what a layer is called with, and what it gives. One stands for itself wherever a
/// <see cref="Symbol"/> is taken; several come apart: <c>var (y, h, c) = lstm.Call(x)</c>.
/// </summary>
[CollectionBuilder(typeof(Symbols), nameof(Create))]
public sealed class Symbols : IReadOnlyList<Symbol>
{
    private readonly Symbol[] symbols;

    private Symbols(Symbol[] symbols) => this.symbols = symbols;

    /// <summary>Number of symbols.</summary>
    public int Count => symbols.Length;

    /// <summary>One of them.</summary>
    /// <param name="index">Its place, from 0 on.</param>
    public Symbol this[int index] => symbols[index];

    /// <summary>Several symbols as one argument; a collection expression <c>[a, b]</c> calls it.</summary>
    /// <param name="symbols">The symbols.</param>
    public static Symbols Create(ReadOnlySpan<Symbol> symbols)
    {
        foreach (Symbol symbol in symbols)
        {
            ArgumentNullException.ThrowIfNull(symbol, nameof(symbols));
        }

        return new([.. symbols]);
    }

    /// <summary>One symbol where several may stand.</summary>
    /// <param name="symbol">The symbol.</param>
    public static implicit operator Symbols(Symbol symbol) => [symbol];

    /// <summary>What an input stands for.</summary>
    /// <param name="input">The input.</param>
    public static implicit operator Symbols(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return [input.Output];
    }

    /// <summary>A list of symbols.</summary>
    /// <param name="symbols">The symbols.</param>
    public static implicit operator Symbols(Symbol[] symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        return Create(symbols);
    }

    /// <summary>The one symbol.</summary>
    /// <param name="symbols">What a layer gave.</param>
    /// <exception cref="ArgumentException">There are several; the message says how to take them apart.</exception>
    public static implicit operator Symbol(Symbols symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        return symbols.Count == 1 ? symbols[0] : throw new ArgumentException(
            $"{(symbols.Count == 0 ? "Nothing" : symbols[0].Layer.Introduction)} gives {symbols.Count} outputs where one is "
            + "needed. Take them apart, var (y, state) = layer.Call(x), or choose one: layer.Call(x)[0].");
    }

    /// <summary>Takes two apart.</summary>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    public void Deconstruct(out Symbol first, out Symbol second)
    {
        Require(2);
        (first, second) = (symbols[0], symbols[1]);
    }

    /// <summary>Takes three apart.</summary>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    public void Deconstruct(out Symbol first, out Symbol second, out Symbol third)
    {
        Require(3);
        (first, second, third) = (symbols[0], symbols[1], symbols[2]);
    }

    /// <summary>Takes five apart, as of a <see cref="Bidirectional"/> over LSTMs with their states.</summary>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    /// <param name="fourth">The fourth.</param>
    /// <param name="fifth">The fifth.</param>
    public void Deconstruct(out Symbol first, out Symbol second, out Symbol third, out Symbol fourth, out Symbol fifth)
    {
        Require(5);
        (first, second, third, fourth, fifth) = (symbols[0], symbols[1], symbols[2], symbols[3], symbols[4]);
    }

    /// <inheritdoc/>
    public IEnumerator<Symbol> GetEnumerator() => ((IEnumerable<Symbol>)symbols).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Require(int count)
    {
        if (Count != count)
        {
            throw new InvalidOperationException(
                $"{(Count == 0 ? "Nothing" : symbols[0].Layer.Introduction)} gives {Count} "
                + $"{(Count == 1 ? "output" : "outputs")}, which cannot be taken apart into {count}. A recurrent layer gives "
                + "its states with returnState: true.");
        }
    }
}
