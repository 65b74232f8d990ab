using Recurrent.Registration;

namespace Recurrent.Layers;

/// <content>From texts to tokens and their indices; and the layer as plain data.</content>
public sealed partial class TextVectorization
{
    /// <inheritdoc/>
    public override Config GetConfig()
    {
        if (standardizer is not null || splitter is not null)
        {
            throw new InvalidOperationException(
                $"{Introduction} holds code ({(standardizer is not null ? nameof(standardizer) : nameof(splitter))}), which no "
                + "file does, so a model that has it is not saved. Save its weights alone (SaveWeights) and make the model by "
                + "the same code again, or prepare texts before the model gets them.");
        }

        Config config = StartConfig();
        config.Add("max_tokens", MaxTokens);
        config.Add("standardize", standardize);
        config.Add("split", split);
        config.Add("ngrams", ngrams?.Value);
        config.Add("output_mode", OutputMode);
        config.Add("output_sequence_length", outputSequenceLength);
        config.Add("pad_to_max_tokens", Options.PadToMaxTokens);
        config.Add("sparse", false);
        config.Add("ragged", ragged);
        AddVocabulary(config);
        AddHash(config);
        return config;
    }

    internal static TextVectorization Read(ConfigReader config)
    {
        config.Expect("sparse", false, null);
        config.Expect("encoding", "utf-8", null);
        foreach (string key in (string[])["standardize", "split"])
        {
            if (config.Raw(key) is not (null or string))
            {
                throw new ConfigException(
                    $"{config.Owner}: {key} is code, and code in a file is not run. Make the model in code, where "
                    + $"{(key == "split" ? nameof(splitter) : nameof(standardizer))} takes a function, and load the weights "
                    + "alone (LoadWeights).")
                { Option = key };
            }
        }

        int? maxTokens = config.Has("max_tokens") && config.Bool("pad_to_max_tokens", false)
            ? config.Size("max_tokens")
            : config.OptionalInt("max_tokens");
        int? length = config.OptionalInt("output_sequence_length") is null
            ? null : config.Size("output_sequence_length");
        bool hasStandardize = config.IsNull("standardize");
        bool hasSplit = config.IsNull("split");
        var layer = new TextVectorization(
            maxTokens,
            hasStandardize ? null : config.OptionalString("standardize") ?? TextSteps.LowerAndStrip,
            hasSplit ? null : config.OptionalString("split") ?? TextSteps.Whitespace,
            NGrams.Read(config, "ngrams"),
            config.OptionalString("output_mode") ?? TokenEncoding.Int,
            length,
            config.Bool("pad_to_max_tokens", false),
            StringLookup.ReadTokens(config),
            config.OptionalDoubles("idf_weights"),
            ragged: config.Bool("ragged", false),
            name: config.Name(),
            trainable: config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

        // Without a vocabulary Keras counts what stands for nothing and for unknown tokens.
        int? size = config.OptionalInt("vocabulary_size");
        return size is null || (layer.HasVocabulary ? size == layer.VocabularySize : size <= layer.Options.Start)
            ? layer
            : throw new ConfigException(FormattableString.Invariant(
                $"{config.Owner}: vocabulary_size is {size}, but the vocabulary ")
                + (layer.HasVocabulary ? FormattableString.Invariant($"makes it {layer.VocabularySize}.")
                    : "is missing. Keras keeps one that Adapt has learnt beside the config; write its tokens into it."))
            { Option = "vocabulary_size" };
    }

    /// <summary>The tokens of each text.</summary>
    private IEnumerable<List<string>> Tokens(StringArray texts, string argument)
    {
        if (texts.Count == 0 || texts.Rank == 0)
        {
            throw new ArgumentException(
                $"{argument} is empty: its shape is {NDArray.Describe(texts.Shape)}. Give at least one text.", argument);
        }

        string[][] rows = texts.ToRows();
        int wrong = Splits ? Array.FindIndex(rows, row => row.Length != 1) : -1;
        return wrong < 0 && texts.Rank <= 2
            ? rows.Select((row, sample) => TextSteps.Combine([.. row.SelectMany(text => Tokens(text, sample, argument))], ngrams))
            : throw new ArgumentException(FormattableString.Invariant(
                $"{Introduction} takes one text a sample, but sample {Math.Max(wrong, 0)} of {argument} has ")
                + (wrong < 0 ? "several axes" : FormattableString.Invariant($"{rows[wrong].Length}"))
                + ". Give each text a sample of its own, or set split: null for tokens that are split already.", argument);
    }

    private IEnumerable<string> Tokens(string text, int sample, string argument)
    {
        string standard = standardizer is null ? TextSteps.Standardize(text, standardize)
            : standardizer(text) ?? throw Nothing(nameof(standardizer));
        IEnumerable<string> parts = splitter is null ? TextSteps.Split(standard, split)
            : splitter(standard) ?? throw Nothing(nameof(splitter));
        return splitter is null ? parts : parts.Select(part => part ?? throw Nothing(nameof(splitter)));

        ArgumentException Nothing(string function) => new(
            FormattableString.Invariant($"{Introduction}: the {function} gave null for sample {sample} of {argument}."),
            argument);
    }

    /// <summary>The indices of each text, in rows of one column.</summary>
    private IEnumerable<NDArray> Rows(StringArray texts, string argument)
    {
        Vocabulary<string> known = Known();
        return [.. Tokens(texts, argument).Select((tokens, sample) =>
        {
            int count = Math.Min(tokens.Count, outputSequenceLength ?? int.MaxValue);
            if (count == 0)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Sample {sample} of {argument} has no token for {Introduction}, and a sequence has at least one step. ")
                    + "Leave the text out, or set ragged: false.", argument);
            }

            var row = new NDArray(count, 1);
            for (int i = 0; i < count; i++)
            {
                row.Values[i] = IndexOf(known, tokens[i]);
            }

            return row;
        })];
    }

    private TokenFeed Feed(StringArray texts, string argument)
    {
        if (ragged)
        {
            return new(null, [.. Rows(texts, argument)]);
        }

        Vocabulary<string> known = Known();
        List<string>[] all = [.. Tokens(texts, argument)];
        int length = outputSequenceLength ?? Math.Max(1, all.Max(tokens => tokens.Count));
        var ids = new NDArray(all.Length, length, 1);
        if (OutputMode != TokenEncoding.Int)
        {
            Array.Fill(ids.Values, -1);
        }

        for (int sample = 0; sample < all.Length; sample++)
        {
            for (int i = 0; i < Math.Min(length, all[sample].Count); i++)
            {
                ids.Values[(sample * length) + i] = IndexOf(known, all[sample][i]);
            }
        }

        return new(ids, null);
    }
}
