"""Forms of accounts."""

from django import forms


class SignupForm(forms.Form):
    name = forms.CharField(max_length=120)

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
