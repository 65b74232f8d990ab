using Recurrent.Registration;

namespace Recurrent.Layers;

/// <content>Options: checked, written and read.</content>
public sealed partial class CRF
{
    /// <summary>Most tags: more would make a step larger than any use has.</summary>
    private const int MostTags = 4096;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        if (named)
        {
            config.Add("tags", Tags.ToArray());
            config.Add("scheme", Scheme);
            config.Add("forbidden", forbidden.Select(pair => new[] { pair.From, pair.To }).ToArray());
        }
        else
        {
            config.Add("tags", Tags.Count);
        }

        config.Add("use_kernel", UseKernel);
        config.Add("use_boundary", UseBoundary);
        kernelOptions.AddTo(config, "kernel");
        chainOptions.AddTo(config, "chain");
        return config;
    }

    internal static CRF Read(ConfigReader config)
    {
        bool named = config.Raw("tags") is IEnumerable<object?>;
        IReadOnlyList<string> tags = named ? Texts(config, config.Raw("tags"), "tags") : Numbered(config.Int("tags"));
        WeightOptions kernel = WeightOptions.Read(config, "kernel");
        WeightOptions chain = WeightOptions.Read(config, "chain");
        return new(
            tags, named, named ? config.OptionalString("scheme") ?? TagScheme.None : TagScheme.None,
            named ? Pairs(config) : null, config.Bool("use_kernel", true), config.Bool("use_boundary", true),
            WeightOptions.Complete(kernel, "glorot_uniform"), WeightOptions.Complete(chain, "glorot_uniform"), config.Name(),
            config.Trainable(), null)
        { ActivityRegularizer = config.ActivityRegularizer() };
    }

    private static string[] Texts(ConfigReader config, object? value, string option) =>
        value is IEnumerable<object?> list && list.All(item => item is string)
            ? [.. list.Select(item => (string)item!)]
            : throw Wrong(config, option, "must be a list of texts, or a number of tags");

    private static (string? From, string? To)[] Pairs(ConfigReader config)
    {
        object? value = config.Raw("forbidden");
        return value switch
        {
            null => [],
            IEnumerable<object?> list => [.. list.Select(Pair)],
            _ => throw Wrong(config, "forbidden", "must be a list of pairs of tags"),
        };

        (string?, string?) Pair(object? item) =>
            item is IEnumerable<object?> pair && pair.ToArray() is [string or null, string or null] both
                ? ((string?)both[0], (string?)both[1])
                : throw Wrong(config, "forbidden", "must be a list of pairs of tags");
    }

    private static ConfigException Wrong(ConfigReader config, string option, string what) =>
        new($"{config.Owner}: {option} {what}.") { Option = option };

    private int Place(string? tag)
    {
        for (int i = 0; i < Tags.Count && tag is not null; i++)
        {
            if (Tags[i] == tag)
            {
                return i;
            }
        }

        return tag is null ? -1 : throw new ArgumentException(
            $"{Introduction} has no tag '{tag}'. It has: {string.Join(", ", Tags)}.", nameof(tag));
    }

    /// <summary>Checks the options all together, and works out what they allow.</summary>
    private TagTransitions Checked()
    {
        var check = new OptionCheck(Introduction);
        check.Require(Tags.Count >= 2, FormattableString.Invariant($"tags must be at least 2, but there are {Tags.Count}"),
            "tags")
            .Require(Tags.Count <= MostTags,
                FormattableString.Invariant($"tags must be at most {MostTags}, but there are {Tags.Count}"), "tags")
            .Require(Tags.All(tag => !string.IsNullOrEmpty(tag)), "tags holds a tag without a name", "tags")
            .OneOf("scheme", Scheme, [.. TagScheme.Names]);
        string? twice = Tags.GroupBy(tag => tag).FirstOrDefault(same => same.Count() > 1)?.Key;
        check.Require(twice is null, $"tags holds '{twice}' twice", "tags");
        if (Scheme != TagScheme.None && TagScheme.Names.Contains(Scheme))
        {
            string? odd = Tags.FirstOrDefault(tag => !string.IsNullOrEmpty(tag) && TagScheme.Parse(tag, Scheme) is null);
            check.Require(
                odd is null,
                $"the tag '{odd}' is not one of scheme '{Scheme}', which has O and, for each type, "
                + (Scheme == "bioes" ? "B-TYPE, I-TYPE, E-TYPE and S-TYPE" : "B-TYPE and I-TYPE"), "scheme");
        }

        foreach ((string? from, string? to) in forbidden)
        {
            check.Require(from is not null || to is not null, "forbidden has a pair of two nulls", "forbidden");
            string? unknown = new[] { from, to }.FirstOrDefault(tag => tag is not null && !Tags.Contains(tag));
            check.Require(unknown is null, $"forbidden names the tag '{unknown}', which is not among the tags", "forbidden");
        }

        check.ThrowIfAny();
        TagTransitions found = TagTransitions.Of(
            Tags, Scheme, forbidden.Select(pair => (Place(pair.From), Place(pair.To))));
        int impossible = found.ImpossibleLength();
        new OptionCheck(Introduction).Require(
            impossible == 0,
            FormattableString.Invariant(
                $"scheme and forbidden leave no sequence of {impossible} {(impossible == 1 ? "step" : "steps")} that is allowed"))
            .ThrowIfAny();
        return found;
    }
}
