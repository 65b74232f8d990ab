using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Blocks of a transformer that read, and others that write and look at what was read.</summary>
internal sealed class TransformerBlocks(
    int sourceTokens, int targetTokens, int features, int numHeads, int intermediateDim, int blocks, double dropout)
    : Seq2SeqParts(sourceTokens, targetTokens, features, dropout)
{
    /// <inheritdoc/>
    public override string Kind => "transformer";

    /// <inheritdoc/>
    public override bool HasMemory => true;

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [];

    /// <inheritdoc/>
    protected override double EmbeddingScale => 1;

    public static TransformerBlocks Read(ConfigReader reader, int sourceTokens, int targetTokens, int features, double dropout)
    {
        return new(sourceTokens, targetTokens, features, Positive("num_heads"), Positive("intermediate_dim"), Positive("blocks"),
            dropout);

        int Positive(string key) => reader.OptionalInt(key) is int and >= 1 and <= 1000000 and var value ? value
            : throw new ConfigException($"{key} must be a whole number of at least 1.") { Option = key };
    }

    /// <inheritdoc/>
    public override void AddTo(Config config)
    {
        base.AddTo(config);
        config.Add("num_heads", numHeads);
        config.Add("intermediate_dim", intermediateDim);
        config.Add("blocks", blocks);
    }

    /// <inheritdoc/>
    protected override (Symbol Memory, Symbols States) Encode(Symbol source, Wiring wiring)
    {
        Symbol x = Drop(new PositionalEncoding().Call(Embed(source, "source")), wiring, "source_dropout");
        for (int i = 1; i <= blocks; i++)
        {
            string name = FormattableString.Invariant($"encoder_{i}");
            x = Part<Model>(name, () => new TransformerEncoder(
                EmbeddingDim, numHeads, intermediateDim, DropoutRate, normalizeFirst: true, name: name)).Call(x);
        }

        return (Part("encoder_norm", () => new LayerNormalization(epsilon: 1e-5, name: "encoder_norm")).Call(x), []);
    }

    /// <inheritdoc/>
    protected override (Symbol Logits, Symbols Scores) Decode(Symbol target, Symbol? memory, Symbols states, Wiring wiring)
    {
        Symbol x = Drop(new PositionalEncoding().Call(Embed(target, "target")), wiring, "target_dropout");
        var scores = new List<Symbol>();
        for (int i = 1; i <= blocks; i++)
        {
            string name = FormattableString.Invariant($"decoder_{i}");
            Symbols all = Part<Model>(name, () => new TransformerDecoder(
                EmbeddingDim, numHeads, intermediateDim, dropout: DropoutRate, normalizeFirst: true, name: name,
                returnAttentionScores: true)).Call(x, memory!);
            x = all[0];
            scores.Add(all.Count == 2 ? all[1] : throw new ConfigException(
                $"the block '{name}' gives no attention scores.")
            { Option = "model" });
        }

        x = Part("decoder_norm", () => new LayerNormalization(epsilon: 1e-5, name: "decoder_norm")).Call(x);
        return (Logits(x), [.. scores]);
    }
}
