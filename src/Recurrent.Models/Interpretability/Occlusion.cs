using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Interpretability;

/// <summary>
/// Contributions by leaving out: what an output loses where a few steps of a feature are replaced by what stands for nothing
/// (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014).
/// </summary>
/// <remarks>
/// The contribution of a place is <c>F(x) − F(x with the place covered)</c>. What covers a step that is needed together with
/// another is counted at both, so contributions need not add up; <see cref="Attribution.Gaps"/> says by how much. Nothing is
/// differentiated: any model will do, lookups and jumps in it too.
/// </remarks>
/// <example><code>Attribution why = Occlusion.Of(model, x, steps: 4);</code></example>
public static class Occlusion
{
    private const int MostAtOnce = 1024;

    /// <summary>Explains an output for each sample.</summary>
    /// <param name="model">The model; it need not be compiled. Stateful ones carry on states, and cannot be explained so.</param>
    /// <param name="x">Inputs: arrays, ids among them, or sequences of unequal length.</param>
    /// <param name="steps">How many steps are covered at once; default 1.</param>
    /// <param name="eachFeature">Whether features are covered one by one; false covers all of a step. Default true.</param>
    /// <param name="cover">What stands for nothing; default 0.</param>
    /// <param name="output">Which number is explained; null (the default) for that of the class that is predicted, or the only
    /// one.</param>
    /// <exception cref="InvalidOperationException">The model is not built, or it is stateful.</exception>
    /// <exception cref="ArgumentException">Data or options do not fit the model, or an input is of strings.</exception>
    public static Attribution Of(Model model, ModelData x, int steps = 1, bool eachFeature = true, double cover = 0,
        ExplainedOutput? output = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        new OptionCheck(nameof(Occlusion)).Positive(nameof(steps), steps).Finite(nameof(cover), cover).ThrowIfAny();
        _ = model.CheckForExplaining(x, nameof(x));
        if (model.IsStateful)
        {
            throw new InvalidOperationException($"Model '{model.Name}' is stateful: a prediction would change what the next one "
                + "begins with. Use IntegratedGradients, or a model without stateful layers.");
        }

        output ??= new ExplainedOutput();
        output.Check(model);
        var inputs = new PlainInputs(model, x);
        var contributions = new List<NDArray>[inputs.Names.Count];
        for (int i = 0; i < contributions.Length; i++)
        {
            contributions[i] = [];
        }

        int count = SampleChoice.Count(x);
        double[] given = new double[count];
        double[] covered = new double[count];
        for (int sample = 0; sample < count; sample++)
        {
            NDArray[] own = inputs.Of(sample);
            int[] places = PlacesOf(model, PlainInputs.One(own), output);
            given[sample] = Predict(model, PlainInputs.One(own), output, places)[0];
            covered[sample] = Predict(model, PlainInputs.One([.. own.Select(array => Covered(array, cover))]), output, places)[0];
            for (int input = 0; input < own.Length; input++)
            {
                contributions[input].Add(Cover(model, own, input, steps, eachFeature, (Real)cover, output, places,
                    given[sample]));
            }
        }

        return new("occlusion", model.Name,
            [.. inputs.Names.Select((name, i) => new InputAttribution(name, contributions[i]))], given, covered);
    }

    /// <summary>The contributions at one input of one sample.</summary>
    private static NDArray Cover(Model model, NDArray[] own, int input, int steps, bool eachFeature, Real cover,
        ExplainedOutput output, int[] places, double given)
    {
        NDArray array = own[input];
        var result = new NDArray([.. array.Shape]);

        // A vector is covered number by number, of features or of ids.
        int width = array.Rank > 1 ? array.Size / array.Shape[0] : 1;
        int length = array.Size / width;
        int windows = (length + steps - 1) / steps;
        int variants = windows * (eachFeature ? width : 1);
        for (int first = 0; first < variants; first += MostAtOnce)
        {
            int count = Math.Min(MostAtOnce, variants - first);
            NDArray[] copies = [.. own.Select(each => Repeated(each, count))];
            for (int i = 0; i < count; i++)
            {
                Each(first + i, place => copies[input].Values[(i * array.Size) + place] = cover);
            }

            double[] without = Predict(model, PlainInputs.Many(copies), output, places);
            for (int i = 0; i < count; i++)
            {
                Each(first + i, place => result.Values[place] = (Real)(given - without[i]));
            }
        }

        return result;

        void Each(int variant, Action<int> act)
        {
            int window = eachFeature ? variant / width : variant;
            for (int step = window * steps; step < Math.Min(length, (window + 1) * steps); step++)
            {
                for (int feature = 0; feature < width; feature++)
                {
                    if (!eachFeature || feature == variant % width)
                    {
                        act((step * width) + feature);
                    }
                }
            }
        }
    }

    private static int[] PlacesOf(Model model, ModelData one, ExplainedOutput output)
    {
        NDArray given = model.PredictAll(one)[output.Output];
        return output.PlacesIn(given.Values, given.Shape[^1]);
    }

    private static double[] Predict(Model model, ModelData data, ExplainedOutput output, int[] places)
    {
        NDArray given = model.PredictAll(data)[output.Output];
        int size = given.Size / given.Shape[0];
        return [.. Enumerable.Range(0, given.Shape[0]).Select(i => places.Sum(place => (double)given.Values[(i * size)
            + place]))];
    }

    private static NDArray Covered(NDArray array, double cover)
    {
        var result = new NDArray([.. array.Shape]);
        Array.Fill(result.Values, (Real)cover);
        return result;
    }

    private static NDArray Repeated(NDArray array, int count)
    {
        var result = new NDArray([count, .. array.Shape]);
        for (int i = 0; i < count; i++)
        {
            array.Values.CopyTo(result.Values, i * array.Size);
        }

        return result;
    }
}
