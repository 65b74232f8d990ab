using Recurrent.Layers;

namespace Recurrent.Onnx.Export;

/// <summary>Layers that tell steps apart, and smoothing of series.</summary>
internal static class PositionExport
{
    /// <summary>A trained vector for each position.</summary>
    public static Signal[] Embedded(LayerContext c)
    {
        Tensor table = c.Weight("embeddings");
        if (HasStates(c))
        {
            Tensor rows = Positions(c).Cast(ElementType.Int64);
            return c.GiveMasked(c.X + c.Writer.Op("Gather", [table, rows], ("axis", 0L)));
        }

        Tensor own = c.Writer.Op("Slice", table, c.Writer.Integers(0), c.X.Length(1), c.Writer.Integers(0));
        return c.GiveMasked(c.X + own);
    }

    /// <summary>Sines and cosines of the position.</summary>
    public static Signal[] Encoded(LayerContext c)
    {
        int features = c.Input.Shape.Features;
        double wavelength = c.Options.Double("max_wavelength");
        var rates = new float[features];
        var isSine = new float[features];
        for (int i = 0; i < features; i++)
        {
            rates[i] = (float)Math.Pow(wavelength, -2.0 * (i / 2) / features);
            isSine[i] = i % 2 == 0 ? 1 : 0;
        }

        Tensor angles = Positions(c).Unsqueeze(-1) * c.Writer.Numbers([features], rates);
        Tensor choose = c.Writer.Numbers([features], isSine).Greater(0.5);
        return c.GiveMasked(c.X + c.Writer.Op("Where", choose, angles.Apply("Sin"), angles.Apply("Cos")));
    }

    /// <summary>Pairs of features turned by the position.</summary>
    public static Signal[] Turned(LayerContext c)
    {
        int half = c.Input.Shape.Features / 2;
        double wavelength = c.Options.Double("max_wavelength");
        float[] rates = [.. Enumerable.Range(0, half).Select(i => (float)Math.Pow(wavelength, -(double)i / half))];
        Tensor angles = Positions(c).Unsqueeze(-1) * c.Writer.Numbers([half], rates);
        (Tensor sine, Tensor cosine) = (angles.Apply("Sin"), angles.Apply("Cos"));
        Tensor[] x = c.X.Split(half, half);
        return c.GiveMasked(c.Writer.Op("Concat",
            [(x[0] * cosine) - (x[1] * sine), (x[1] * cosine) + (x[0] * sine)], ("axis", -1L)));
    }

    /// <summary>Exponential smoothing of a window.</summary>
    public static Signal[] Smoothed(LayerContext c, SeriesSmoothing layer)
    {
        GraphWriter writer = c.Writer;
        int season = layer.Season;
        int steps = c.Input.Shape[0]!.Value - layer.ParameterCount;
        Tensor alpha = c.X.Slice(1, 0, 1).Apply("Sigmoid");
        Tensor? gamma = season > 1 ? c.X.Slice(1, 1, 2).Apply("Sigmoid") : null;
        Tensor y = c.X.Slice(1, layer.ParameterCount, long.MaxValue);
        Tensor level = y.Slice(1, 0, season).Reduce("ReduceMean", true, 1);
        Tensor[] first = season > 1
            ? [level, y.Slice(1, 0, season) - level + c.X.Slice(1, 2, layer.ParameterCount)]
            : [level];
        var body = writer.Inner([.. Enumerable.Repeat(ElementType.Float, first.Length + 1)], values =>
        {
            // The index of the step at hand stands in front.
            Tensor step = values[^1].Unsqueeze(1);
            Tensor index = season > 1 ? values[1].Slice(1, 0, 1) : step * 0;
            Tensor after = (alpha * (step - index)) + ((1 - alpha) * values[0]);
            List<Tensor> states = [after];
            if (gamma is { } own)
            {
                Tensor changed = (own * (step - after)) + ((1 - own) * index);
                states.Add(writer.Op("Concat", [values[1].Slice(1, 1, long.MaxValue), changed], ("axis", 1L)));
            }

            return [.. states.Append(index.Squeeze(1)).Select(value => (value, ElementType.Float))];
        });
        Tensor[] results = writer.Ops("Scan", first.Length + 1, [.. first.Append(y).Select(value => (Tensor?)value)],
            ("body", body), ("num_scan_inputs", 1L), ("scan_input_axes", new long[] { 1 }),
            ("scan_output_axes", new long[] { 1 }));

        // After all steps the index of the one after them stands in front.
        Tensor rest = y - results[^1] - results[0];
        Tensor ahead = season > 1
            ? writer.Op("Gather",
                [results[1], writer.Integers([.. Enumerable.Range(0, layer.Horizon).Select(h => (long)(h % season))])],
                ("axis", 1L)) + results[0]
            : writer.Op("Expand", results[0], writer.Integers(1, layer.Horizon));
        _ = steps;
        return c.GiveUnmasked(writer.Op("Concat", [rest, ahead], ("axis", 1L)));
    }

    private static bool HasStates(LayerContext c) => c.States?.Has(false) == true;

    /// <summary>The position of each step: (steps), or with states (batch, steps).</summary>
    private static Tensor Positions(LayerContext c)
    {
        GraphWriter writer = c.Writer;
        Tensor steps = c.X.Length(1).Squeeze(0);
        Tensor places = writer.Op("Range", writer.IntegersOf([], 0), steps, writer.IntegersOf([], 1)).AsNumbers();
        if (!HasStates(c))
        {
            return places;
        }

        string name = $"{c.Name}.position";
        Tensor before = c.States!.In(name, 1);
        c.States.Out(name, before + steps.AsNumbers(), 1);
        return before + places;
    }
}
